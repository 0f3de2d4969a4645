import * as fs from 'node:fs';
import * as path from 'node:path';
import { IAMClient, ListRolesCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { type Authority, ensureAuthority } from '../../authority';
import { clientOptions, type LocalCloud } from '../../cloud';
import { claimCodeDeploy, codeDeployEnvironment, startCodeDeploy } from '../../codedeploy';
import { bridgeArn, cdk, ensureBridge } from '../../deploy';
import { Stacks } from '../../deploy/stacks';
import { clientEnvironment, emulatorStatus, startEmulator } from '../../emulator';
import type { Folders } from '../../folders';
import { PortBook } from '../../ports';
import { PLACE } from '../../run/start';
import { registryFolder } from './container';
import { Environment } from './environment';
import type { Name } from './names';

/** What the rehearsal's AWS is made from. */
export interface EstateOptions {
  /** Root of the repository. */
  readonly root: string;
  /** Folders of the local environment, whose emulator is shared. */
  readonly folders: Folders;
  /** Folder of the emulator's installation. */
  readonly cacheDir: string;
  /** Folder of what stays from one rehearsal to the next: databases, tasks, ports. */
  readonly dir: string;
  /** Is told what is being done, a line at a time. */
  readonly tell: (line: string) => void;
}

/** The bootstrap's parameter, under the CDK's own qualifier. */
const BOOTSTRAP = '/cdk-bootstrap/hnb659fds/version';
/** Where `npm start` prefers the emulator, too. */
const EMULATOR_PORT = 24_566;

/** The accounts that a pipeline deploys to, in one emulator that keeps them apart. */
export class Estate {
  private readonly environments = new Map<string, Environment>();
  private readonly ready = new Map<string, Promise<void>>();

  private constructor(
    private readonly options: EstateOptions,
    /** Signs every certificate. */
    readonly authority: Authority,
    /** Address of the emulator. */
    readonly endpoint: string,
    private readonly codeDeploy: Awaited<ReturnType<typeof claimCodeDeploy>>,
  ) {}

  /** Starts the emulator, or takes the one that runs. */
  static async open(options: EstateOptions): Promise<Estate> {
    const { folders, root, cacheDir } = options;
    fs.mkdirSync(options.dir, { recursive: true });
    const authority = await ensureAuthority(folders.authority);
    const status = await emulatorStatus(folders.emulator, authority.caFile);
    const book = new PortBook(folders.portsFile);
    const codeDeploy = await claimCodeDeploy(book, folders.codeDeploy);
    const port = await book.claim(
      'emulator',
      EMULATOR_PORT,
      (held) => status.endpoint?.endsWith(`:${held}`) === true,
    );
    const nodeModules = path.join(root, 'node_modules');
    const { endpoint } = await startEmulator({
      dir: folders.emulator,
      cacheDir,
      port,
      authority,
      nodeModules,
      standIns: { ...codeDeployEnvironment(codeDeploy) },
    });
    return new Estate(options, authority, endpoint, codeDeploy);
  }

  /** Where the stand-ins of services answer that the emulator lacks. */
  get standIns(): Readonly<Record<string, string>> {
    return { ...codeDeployEnvironment(this.codeDeploy) };
  }

  /** Where public names of all accounts lead on this machine. */
  async names(): Promise<readonly Name[]> {
    return (await Promise.all(this.all().map((environment) => environment.names()))).flat();
  }

  /** Starts the stand-in of CodeDeploy for the local environment and every account that something was asked of. */
  async startCodeDeploy(): Promise<void> {
    const { folders } = this.options;
    const own = { cloud: this.cloud(PLACE.account, PLACE.region), supervisor: folders.supervisor };
    const places = this.all().map(({ cloud, supervisor }) => ({ cloud, supervisor }));
    await startCodeDeploy({ folder: folders.codeDeploy, ...this.codeDeploy, places: [own, ...places] });
  }

  /** An account of the emulator. */
  cloud(account: string, region: string): LocalCloud {
    return { endpoint: this.endpoint, caFile: this.authority.caFile, account, region };
  }

  /** What an account's tasks, load balancer and database are. */
  environment(account: string, region: string): Environment {
    const key = `${account}/${region}`;
    const found =
      this.environments.get(key) ??
      new Environment({
        cloud: this.cloud(account, region),
        authority: this.authority,
        dir: path.join(this.options.dir, 'accounts', account),
        registry: registryFolder(this.options.dir),
        ports: new PortBook(path.join(this.options.dir, 'ports.json')),
        tell: this.options.tell,
      });
    this.environments.set(key, found);
    return found;
  }

  /** Every account that something was asked of. */
  all(): Environment[] {
    return [...this.environments.values()];
  }

  /** ARN of the bridge in an account. */
  bridge(account: string, region: string): string {
    return bridgeArn(this.cloud(account, region));
  }

  /**
   * Makes an account what an administrator makes it before the first deployment: the CDK's own bootstrap.
   *
   * @param trusted - account of the pipeline, which may deploy here
   */
  prepare(account: string, region: string, trusted: string): Promise<void> {
    const key = `${account}/${region}`;
    const begun = this.ready.get(key) ?? this.bootstrap(account, region, trusted);
    this.ready.set(key, begun);
    return begun;
  }

  private async bootstrap(account: string, region: string, trusted: string): Promise<void> {
    const cloud = this.cloud(account, region);
    await ensureBridge(cloud);
    await this.runBootstrap(cloud, trusted);
    await letPublishersLook(cloud);
    for (const stack of await new Stacks(cloud, '').mend())
      this.options.tell(`deleted ${stack} in account ${account}, which an earlier deployment left`);
  }

  private async runBootstrap(cloud: LocalCloud, trusted: string): Promise<void> {
    const { account, region } = cloud;
    const done = await new SSMClient(clientOptions(cloud))
      .send(new GetParameterCommand({ Name: BOOTSTRAP }))
      .then(() => true)
      .catch(() => false);
    if (done) return;
    this.options.tell(`bootstrapping account ${account}`);
    const home = path.join(this.options.dir, 'home');
    fs.mkdirSync(home, { recursive: true });
    const trust =
      account === trusted
        ? []
        : [
            '--trust',
            trusted,
            '--cloudformation-execution-policies',
            'arn:aws:iam::aws:policy/AdministratorAccess',
          ];
    // From a folder without cdk.json: otherwise the CLI would synthesise only to look for the account named here.
    const { code, output } = await cdk(['bootstrap', `aws://${account}/${region}`, ...trust], {
      root: this.options.root,
      directory: home,
      environment: clientEnvironment(cloud, home),
    });
    if (code !== 0) throw new Error(`The bootstrap of account ${account} failed:\n${output.trim()}`);
  }
}

/**
 * The emulator asks for `ecr:DescribeRepositories` on every repository, where ECR asks for it on the one that is named;
 * the publishing role of the bootstrap allows the latter.
 */
async function letPublishersLook(cloud: LocalCloud): Promise<void> {
  const iam = new IAMClient(clientOptions(cloud));
  const { Roles = [] } = await iam.send(new ListRolesCommand({}));
  const publishers = Roles.filter(({ RoleName }) => /^cdk-.*-image-publishing-role-/.test(RoleName ?? ''));
  const statement = { Effect: 'Allow', Action: 'ecr:DescribeRepositories', Resource: '*' };
  for (const { RoleName } of publishers)
    await iam.send(
      new PutRolePolicyCommand({
        RoleName,
        PolicyName: 'LocalRehearsal',
        PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }),
      }),
    );
}
