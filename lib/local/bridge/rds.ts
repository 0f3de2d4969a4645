import {
  CreateDBClusterCommand,
  type CreateDBClusterCommandInput,
  DeleteDBClusterCommand,
  DescribeDBClustersCommand,
  type DBCluster,
  ModifyDBClusterCommand,
  type ModifyDBClusterCommandInput,
  RDSClient,
} from '@aws-sdk/client-rds';
import { z } from 'zod';
import { bridge, type Made, present, unless, without } from './contract';

const rds = new RDSClient();
const GONE = /DBClusterNotFound/;

const properties = z.looseObject({
  Engine: z.string(),
  DBClusterIdentifier: z.string().optional(),
  MasterUserSecret: z.looseObject({ KmsKeyId: z.string().optional() }).optional(),
  /** Where the real PostgreSQL answers; put in by the localisation. */
  LocalEndpoint: z.object({ Host: z.string(), Port: z.number() }),
});
type Properties = z.output<typeof properties>;

/** Names that the API takes and CloudFormation's type has, too, but for the secret's key. */
function input(given: Properties, id: string): CreateDBClusterCommandInput {
  const secretKey = given.MasterUserSecret?.KmsKeyId;
  return {
    ...(without(given, 'LocalEndpoint', 'MasterUserSecret') as Partial<CreateDBClusterCommandInput> & {
      Engine: string;
    }),
    DBClusterIdentifier: id,
    ...(secretKey !== undefined && { MasterUserSecretKmsKeyId: secretKey }),
  };
}

function made(cluster: DBCluster | undefined, { LocalEndpoint }: Properties): Made {
  const id = present(cluster?.DBClusterIdentifier, 'cluster').toLowerCase();
  const { Host } = LocalEndpoint;
  const Port = String(LocalEndpoint.Port);
  return {
    id,
    attributes: {
      'Endpoint.Address': Host,
      'Endpoint.Port': Port,
      'ReadEndpoint.Address': Host,
      DBClusterArn: present(cluster?.DBClusterArn, 'cluster ARN'),
      DBClusterResourceId: present(cluster?.DbClusterResourceId, 'cluster resource id'),
      'MasterUserSecret.SecretArn': cluster?.MasterUserSecret?.SecretArn ?? '',
    },
  };
}

async function find(id: string): Promise<DBCluster | undefined> {
  const { DBClusters = [] } = await rds.send(new DescribeDBClustersCommand({}));
  return DBClusters.find((cluster) => cluster.DBClusterIdentifier === id);
}

const cluster = bridge(properties, {
  create: async (given, { name }) => {
    const id = (given.DBClusterIdentifier ?? name).toLowerCase();
    const there = await find(id);
    return made(there ?? (await rds.send(new CreateDBClusterCommand(input(given, id)))).DBCluster, given);
  },
  update: async (id, given, previous) => {
    if (given.DBClusterIdentifier !== previous.DBClusterIdentifier)
      throw new Error('A cluster is not renamed here: it would be replaced, and its data with it.');
    await rds.send(
      new ModifyDBClusterCommand(without(input(given, id), 'Engine') as ModifyDBClusterCommandInput),
    );
    return made(await find(id), given);
  },
  remove: async (id) =>
    unless(GONE, async () => {
      await rds.send(new ModifyDBClusterCommand({ DBClusterIdentifier: id, DeletionProtection: false }));
      await rds.send(new DeleteDBClusterCommand({ DBClusterIdentifier: id, SkipFinalSnapshot: true }));
    }),
});

/** RDS's types: the cluster is known to the emulator, its endpoint is the real PostgreSQL's. */
export const bridges = { 'AWS::RDS::DBCluster': cluster };
