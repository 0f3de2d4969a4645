--- refused suppression-unexplained
-- migrate: phase=expand reversible=lossless
-- lint-ignore: do-block owner=platform-engineering
DO $$ BEGIN END $$;
--- accepted
-- migrate: phase=expand reversible=lossless
-- lint-ignore: do-block owner=platform-engineering reason="Shows how it is written."
DO $$ BEGIN END $$;
