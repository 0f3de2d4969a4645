import { Stage, Tags } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { AppStack } from './app/app-stack';
import { AuthStack } from './auth/auth-stack';
import type { Environment } from './config/schema';
import { DataStack } from './data/data-stack';
import { NetworkStack } from './network/network-stack';
import type { PlacedImage } from './shared/image-repository';
import { useManagedPolicies } from './shared/managed-policies';
import { tagPlatform } from './shared/platform-tags';
import { VideoStack } from './video/video-stack';

/** What one environment is made from. */
export interface PlatformStageProps {
  /** The environment's configuration. */
  readonly environment: Environment;
  /** The commit that is deployed, shown by the API and recorded beside it. */
  readonly commit: string;
  /**
   * Account of the pipeline that deploys the environment.
   * @default - it is deployed from a laptop
   */
  readonly pipelineAccount?: string;
  /**
   * The image that the pipeline built.
   * @default - it is built from app/ when it is deployed
   */
  readonly image?: PlacedImage;
}

/** The construct id of an environment's Stage: its name with a capital, for example `Dev`. */
export function stageId(environment: Environment): string {
  return environment.name.charAt(0).toUpperCase() + environment.name.slice(1);
}

/** One environment: the five stacks, wired. Laptops and the pipeline deploy the same class. */
export class PlatformStage extends Stage {
  /** VPC, security groups, log and alarm destinations. */
  readonly network: NetworkStack;
  /** Database, tables, buckets, keys, backup. */
  readonly data: DataStack;
  /** People and the roles they hold. */
  readonly auth: AuthStack;
  /** The API behind its load balancer. */
  readonly app: AppStack;
  /** Video visits. */
  readonly video: VideoStack;

  constructor(scope: Construct, id: string, props: PlatformStageProps) {
    const { environment } = props;
    super(scope, id, { env: { account: environment.account, region: environment.region } });
    useManagedPolicies(this);

    this.network = new NetworkStack(this, 'Network', {
      environment,
      ...(props.pipelineAccount !== undefined && { pipelineAccount: props.pipelineAccount }),
    });
    const { operations } = this.network;
    this.auth = new AuthStack(this, 'Auth', { environment, network: this.network, operations });
    this.data = new DataStack(this, 'Data', {
      environment,
      network: this.network,
      operations,
      commit: props.commit,
      ...(props.pipelineAccount !== undefined && { pipelineAccount: props.pipelineAccount }),
    });
    this.app = new AppStack(this, 'App', {
      environment,
      network: this.network,
      operations,
      data: this.data,
      auth: this.auth,
      commit: props.commit,
      ...(props.image && { image: props.image }),
    });
    this.video = new VideoStack(this, 'Video', {
      environment,
      network: this.network,
      operations,
      data: this.data,
      auth: this.auth,
    });

    tagPlatform(this, {
      environment: environment.name,
      owner: environment.owner,
      costCenter: environment.costCenter,
    });
    // What holds no person's data; each store nearer to its data says otherwise.
    Tags.of(this).add('DataClassification', 'Internal');
  }
}
