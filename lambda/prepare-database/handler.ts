import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import { connector, trustedAuthorities } from '../../lib/migrations/connection';
import { type Preparation, prepareDatabase } from '../../lib/migrations/preparation';
import { parseEnvironment } from '../shared/environment';
import { logger, traced, tracer } from '../shared/telemetry';
import { prepareDatabaseSchema } from './env';

const environment = parseEnvironment(prepareDatabaseSchema);
const secrets = tracer.captureAWSv3Client(new SecretsManagerClient());

/** What RDS writes into the secret that it manages. */
const masterSecret = z.object({ username: z.string().min(1), password: z.string().min(1) });

/**
 * Makes the roles that sign in to the database, or mends them. It takes no input: what it may do is fixed when it is
 * deployed. The password is read for this one call and kept nowhere.
 */
export const handler = traced(async (): Promise<Preparation> => {
  const master = await readMaster();
  const connect = connector({
    host: environment.DATABASE_HOST,
    port: Number(environment.DATABASE_PORT),
    database: environment.DATABASE_NAME,
    user: master.username,
    password: master.password,
    authorities: trustedAuthorities(environment.DATABASE_REGION, environment.NODE_EXTRA_CA_CERTS),
  });
  const client = await connect('telehealth-prepare');
  try {
    const preparation = await prepareDatabase(client, {
      database: environment.DATABASE_NAME,
      apiUser: environment.API_USER,
      migratorUser: environment.MIGRATOR_USER,
    });
    logger.info('database prepared', { ...preparation });
    return preparation;
  } finally {
    await client.end();
  }
});

async function readMaster(): Promise<z.output<typeof masterSecret>> {
  const { SecretString } = await secrets.send(
    new GetSecretValueCommand({ SecretId: environment.MASTER_SECRET_ARN }),
  );
  const parsed = masterSecret.safeParse(parseJson(SecretString));
  // Neither the text nor what zod says of it is repeated: it is a password.
  if (!parsed.success) throw new Error('The master secret does not hold a user name and a password.');
  return parsed.data;
}

function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
