import * as z from 'zod';
import { databaseVariables } from '../shared/database';

/** What the function that prepares the database is told. */
export const prepareDatabaseSchema = z.object({
  ...databaseVariables,
  /** Role of the API, to be made. */
  API_USER: z.string().min(1),
  /** Role that runs migrations, to be made. */
  MIGRATOR_USER: z.string().min(1),
  /** The secret that RDS keeps the master user's password in. */
  MASTER_SECRET_ARN: z.string().startsWith('arn:', 'an ARN'),
});
