import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import {
  ElasticLoadBalancingV2Client,
  DescribeLoadBalancersCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { DescribeDBClustersCommand, RDSClient } from '@aws-sdk/client-rds';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { z } from 'zod';
import type { Authority } from '../../authority';
import { clientOptions, type LocalCloud } from '../../cloud';
import { claimHookListeners } from '../../load-balancer/listener-port';
import type { LocaliseOptions } from '../../localise/localise-template';
import type { Template } from '../../localise/template';
import { managedPassword } from '../../migrations/master-secret';
import { PortBook } from '../../ports';
import { postgresStatus, setMasterPassword, startPostgres, stopPostgres } from '../../postgres';
import {
  callSupervisor,
  reportOf,
  runningSupervisor,
  startSupervisor,
  stopSupervisor,
} from '../../supervisor';
import type { Name } from './names';
import { publicNames } from './public-names';

/** What an account's real parts are made from. */
export interface EnvironmentOptions {
  /** The account in the emulator. */
  readonly cloud: LocalCloud;
  /** Signs the certificates of database and load balancer. */
  readonly authority: Authority;
  /** Folder of the account. */
  readonly dir: string;
  /** Folder of what was pushed to the registries of all accounts. */
  readonly registry: string;
  /** Ports of all accounts. */
  readonly ports: PortBook;
  /** Is told what is being done. */
  readonly tell: (line: string) => void;
}

const clusterSchema = z.looseObject({
  MasterUsername: z.string(),
  DatabaseName: z.string().default('postgres'),
});
const DATABASE_PORT = 26_432;

/** What stands beside the emulator in one account: a PostgreSQL server, a load balancer, tasks as processes. */
export class Environment {
  private cluster: z.output<typeof clusterSchema> | undefined;

  constructor(private readonly options: EnvironmentOptions) {}

  /** The account. */
  get cloud(): LocalCloud {
    return this.options.cloud;
  }

  /** Folder of the supervisor that runs the account's tasks. */
  get supervisor(): string {
    return this.folder('supervisor');
  }

  /** How templates of the account are localised. @param bridgeArn - the bridge in the account */
  async localised(bridgeArn: string): Promise<LocaliseOptions> {
    const serving = (): boolean => runningSupervisor(this.supervisor) !== undefined;
    const LISTENERS = await claimHookListeners(new PortBook(this.folder('ports.json')), serving);
    return {
      bridgeArn,
      database: { host: 'localhost', port: await this.databasePort() },
      functionVariables: { LISTENERS },
    };
  }

  /** Where the names of the account's load balancers lead on this machine. */
  async names(): Promise<readonly Name[]> {
    const control = runningSupervisor(this.supervisor);
    if (control === undefined) return [];
    const { listeners } = await reportOf(control);
    const balancers = await this.loadBalancers();
    return listeners.flatMap(({ arn, listenerPort, port }) =>
      balancers
        .filter(({ name }) => arn.includes(`:listener/${name}/`))
        .flatMap(({ host }) => [host, ...this.publicNames()])
        .map((host) => ({ host, port: listenerPort, local: port })),
    );
  }

  private publicNames(): readonly string[] {
    const file = this.folder('names.json');
    return fs.existsSync(file) ? z.array(z.string()).parse(JSON.parse(fs.readFileSync(file, 'utf8'))) : [];
  }

  /** Port of the account's PostgreSQL, whether it runs or not. */
  databasePort(): Promise<number> {
    const status = postgresStatus({ dir: this.folder('postgres') });
    const ours = (port: number): boolean => status.state !== 'stopped' && status.port === port;
    return this.options.ports.claim(`database-${this.cloud.account}`, DATABASE_PORT, ours);
  }

  /**
   * Starts what a template needs before it is deployed: PostgreSQL, when the template holds a cluster. Names that the
   * template gives to its load balancer are kept: a rehearsal has no name service.
   *
   * @throws Error when it holds several: one server stands for one cluster
   */
  async prepare(template: Template): Promise<void> {
    const names = publicNames(template);
    if (names.length > 0) fs.writeFileSync(this.folder('names.json'), JSON.stringify(names));
    const clusters = Object.values(template.Resources).filter(({ Type }) => Type === 'AWS::RDS::DBCluster');
    if (clusters.length === 0) return;
    if (clusters.length > 1)
      throw new Error(`${clusters.length} database clusters in one account are not played.`);
    this.cluster = clusterSchema.parse(clusters[0]?.Properties);
    await startPostgres({ ...(await this.postgres()), databaseName: this.cluster.DatabaseName });
  }

  /** Does what AWS does by itself once a stack is deployed: the managed password, the load balancer, the tasks. */
  async deployed(): Promise<void> {
    if (this.cluster !== undefined) {
      const rds = new RDSClient(clientOptions(this.cloud));
      const { DBClusters = [] } = await rds.send(new DescribeDBClustersCommand({}));
      for (const { DBClusterIdentifier: id } of DBClusters)
        if (id !== undefined)
          await setMasterPassword(await this.postgres(), await managedPassword(this.cloud, rds, id));
    }
    const balancers = await this.loadBalancers();
    if (balancers.length > 0) await this.supervise(balancers.map(({ host }) => host));
  }

  /** Puts a template where CloudFormation reads it, as CodePipeline does with those of more than 51,200 bytes. */
  async upload(name: string, body: string): Promise<string> {
    const { account, region } = this.cloud;
    const s3 = new S3Client({ ...clientOptions(this.cloud), forcePathStyle: true });
    const Bucket = `rehearsal-templates-${account}-${region}`;
    await s3.send(new CreateBucketCommand({ Bucket })).catch((error: unknown) => {
      if (!(error instanceof Error) || !/BucketAlreadyOwnedByYou|BucketAlreadyExists/.test(error.name))
        throw error;
    });
    await s3.send(new PutObjectCommand({ Bucket, Key: name, Body: body }));
    return `https://s3.${region}.amazonaws.com/${Bucket}/${name}`;
  }

  private async loadBalancers(): Promise<{ name: string; host: string }[]> {
    const elb = new ElasticLoadBalancingV2Client(clientOptions(this.cloud));
    const { LoadBalancers = [] } = await elb.send(new DescribeLoadBalancersCommand({}));
    return LoadBalancers.map(({ LoadBalancerArn = '', DNSName = '' }) => ({
      name: LoadBalancerArn.split(':loadbalancer/')[1] ?? '',
      host: DNSName,
    }));
  }

  private async supervise(hosts: readonly string[]): Promise<void> {
    const { authority, cloud } = this.options;
    // A new name is a new certificate, which a supervisor that runs has to be started with.
    const names = ['localhost', '127.0.0.1', ...hosts, ...this.publicNames()];
    const control = await startSupervisor({
      cloud,
      tasks: this.folder('tasks'),
      supervisor: this.supervisor,
      // What was never pushed cannot be pulled.
      builtApp: this.folder('never-built'),
      registry: this.options.registry,
      portsFile: this.folder('ports.json'),
      certificate: await authority.certificate(`load-balancer-${cloud.account}-${shortHash(names)}`, names),
      databasePort: await this.databasePort(),
    });
    await callSupervisor(control, 'follow');
  }

  private async postgres(): Promise<{ dir: string; port: number; authority: Authority; masterUser: string }> {
    const port = await this.databasePort();
    return {
      dir: this.folder('postgres'),
      port,
      authority: this.options.authority,
      masterUser: this.cluster?.MasterUsername ?? '',
    };
  }

  private folder(name: string): string {
    fs.mkdirSync(this.options.dir, { recursive: true });
    return path.join(this.options.dir, name);
  }
}

function shortHash(names: readonly string[]): string {
  return createHash('sha256').update(names.join()).digest('hex').slice(0, 8);
}

/** Ends the processes of an account's folder; data stays. */
export async function stopEnvironment(dir: string): Promise<void> {
  await stopSupervisor(path.join(dir, 'supervisor'), path.join(dir, 'tasks'));
  await stopPostgres({ dir: path.join(dir, 'postgres') });
}
