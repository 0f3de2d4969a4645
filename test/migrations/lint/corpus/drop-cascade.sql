--- refused drop-cascade
-- migrate: phase=contract reversible=lossless
DROP VIEW appointments CASCADE;
--- accepted
-- migrate: phase=contract reversible=lossless
DROP VIEW appointments_of_today;
DROP VIEW appointments;
