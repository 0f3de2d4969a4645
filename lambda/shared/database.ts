import * as z from 'zod';

/** Where the database is: variables of every handler that connects to it. */
export const databaseVariables = {
  /** Region of the database, whose roots vouch for it. */
  DATABASE_REGION: z.string().min(1),
  /** Host name of the writer. */
  DATABASE_HOST: z.string().min(1),
  /** Port of the database. */
  DATABASE_PORT: z.string().regex(/^\d{1,5}$/, 'a port'),
  /** Name of the database. */
  DATABASE_NAME: z.string().min(1),
  /** File of certificate authorities to trust beside Amazon's; set where the database is not Amazon's. */
  NODE_EXTRA_CA_CERTS: z.string().min(1).optional(),
};
