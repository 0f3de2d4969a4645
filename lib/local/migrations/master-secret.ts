import { DescribeDBClustersCommand, type RDSClient } from '@aws-sdk/client-rds';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { z } from 'zod';
import { clientOptions, type LocalCloud } from '../cloud';

const secretSchema = z.object({ password: z.string().min(1) });

/**
 * The password that the emulator, as RDS does, made for the master user and keeps as a managed secret. It cannot give it
 * to the real PostgreSQL, so that is left to who asks here.
 */
export async function managedPassword(cloud: LocalCloud, rds: RDSClient, cluster: string): Promise<string> {
  const { DBClusters } = await rds.send(new DescribeDBClustersCommand({ DBClusterIdentifier: cluster }));
  const SecretId = DBClusters?.[0]?.MasterUserSecret?.SecretArn;
  if (SecretId === undefined) throw new Error(`The cluster ${cluster} has no managed master secret.`);
  const { SecretString = '' } = await new SecretsManagerClient(clientOptions(cloud)).send(
    new GetSecretValueCommand({ SecretId }),
  );
  return secretSchema.parse(JSON.parse(SecretString)).password;
}
