import { Duration, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as elb from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { container } from '../../app/src/container';
import { releaseName } from '../shared/release';
import type { ApiEnvironmentInput } from '../../app/src/env';
import type { Auth } from '../auth/auth-stack';
import type { Environment } from '../config/schema';
import type { Data } from '../data/data-stack';
import type { Network } from '../network/network-stack';
import { logRetention } from '../shared/log-retention';
import type { PlacedImage } from '../shared/image-repository';
import type { Operations } from '../shared/operations';
import { removalPolicy } from '../shared/removal';
import { apiImage } from './api-image';
import { DEREGISTRATION_DELAY } from './api-load-balancer';

/** Name of the container that the load balancer reaches. */
export const CONTAINER_NAME = 'api';

/** Seconds between SIGTERM and SIGKILL: longer than the deregistration delay, within Fargate's 120. */
const STOP_TIMEOUT = DEREGISTRATION_DELAY.plus(Duration.seconds(15));

/** What the service is made from. */
export interface ApiServiceProps {
  /** The environment the service belongs to. */
  readonly environment: Environment;
  /** The VPC and its security groups. */
  readonly network: Network;
  /** Where it logs. */
  readonly operations: Operations;
  /** The database it connects to. */
  readonly data: Data;
  /** Whose tokens it accepts, and the role that it runs as. */
  readonly auth: Auth;
  /** The commit it tells as its own. */
  readonly commit: string;
  /**
   * The image that the pipeline built.
   * @default - it is built from app/ when it is deployed
   */
  readonly image?: PlacedImage;
  /** The group that its first tasks are registered with. */
  readonly targetGroup: elb.ApplicationTargetGroup;
}

/**
 * The API's service. CodeDeploy owns it: CloudFormation cannot update an `AWS::ECS::Service` under the
 * CODE_DEPLOY controller (aws-cdk #23564, #36012), so its properties are frozen by a test, it refers to the task
 * definition by family, and the number of tasks is left to Application Auto Scaling.
 */
export class ApiService extends Construct {
  /** Name of the cluster. */
  readonly clusterName: string;
  /** ARN of the cluster. */
  readonly clusterArn: string;
  /** The task definition of this version; earlier ones stay registered, for a rollback. */
  readonly taskDefinition: ecs.FargateTaskDefinition;
  /** The service. */
  readonly service: ecs.FargateService;

  constructor(scope: Construct, id: string, props: ApiServiceProps) {
    super(scope, id);
    const { network } = props;

    const cluster = new ecs.Cluster(this, 'Cluster', {
      vpc: network.vpc,
      containerInsightsV2: ecs.ContainerInsights.ENHANCED,
    });
    this.clusterName = cluster.clusterName;
    this.clusterArn = cluster.clusterArn;
    this.taskDefinition = this.defineTask(props);

    this.service = new ecs.FargateService(this, 'Service', {
      // The cast is for `exactOptionalPropertyTypes`, which the library's own classes do not satisfy.
      cluster: cluster as ecs.ICluster,
      taskDefinition: this.taskDefinition,
      deploymentController: { type: ecs.DeploymentControllerType.CODE_DEPLOY },
      platformVersion: ecs.FargatePlatformVersion.VERSION1_4,
      vpcSubnets: { subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
      assignPublicIp: false,
      securityGroups: [
        ec2.SecurityGroup.fromSecurityGroupId(
          this,
          'SecurityGroup',
          network.securityGroups.api.securityGroupId,
          { mutable: false },
        ),
      ],
      healthCheckGracePeriod: Duration.seconds(60),
      minHealthyPercent: 100,
      maxHealthyPercent: 200,
      enableExecuteCommand: false,
    });
    this.service.attachToApplicationTargetGroup(props.targetGroup);
  }

  private defineTask(props: ApiServiceProps): ecs.FargateTaskDefinition {
    const { environment, operations } = props;
    const definition = new ecs.FargateTaskDefinition(this, 'TaskDefinition', {
      family: `telehealth-${environment.name}-api`,
      cpu: environment.api.cpu,
      memoryLimitMiB: environment.api.memoryMiB,
      runtimePlatform: {
        cpuArchitecture: ecs.CpuArchitecture.ARM64,
        operatingSystemFamily: ecs.OperatingSystemFamily.LINUX,
      },
      taskRole: iam.Role.fromRoleArn(this, 'TaskRole', props.auth.apiRole.roleArn, { mutable: false }),
      executionRole: this.executionRole(),
    });
    definition.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);

    const logGroup = new logs.LogGroup(this, 'Logs', {
      encryptionKey: operations.logKey,
      retention: logRetention(environment.retention.logDays),
      removalPolicy: removalPolicy(environment),
    });
    Tags.of(logGroup).add('DataClassification', 'Internal');

    const linuxParameters = new ecs.LinuxParameters(this, 'Linux', { initProcessEnabled: true });
    linuxParameters.dropCapabilities(ecs.Capability.ALL);
    definition.addContainer('Container', {
      containerName: CONTAINER_NAME,
      image: apiImage(this, props),
      essential: true,
      user: container.user,
      readonlyRootFilesystem: true,
      linuxParameters,
      environment: this.environment(props),
      portMappings: [{ containerPort: container.port, protocol: ecs.Protocol.TCP }],
      healthCheck: {
        command: [...container.healthCommand],
        interval: Duration.seconds(10),
        timeout: Duration.seconds(5),
        retries: 3,
        startPeriod: Duration.seconds(30),
      },
      stopTimeout: STOP_TIMEOUT,
      logging: ecs.LogDrivers.awsLogs({
        logGroup,
        streamPrefix: 'api',
        mode: ecs.AwsLogDriverMode.NON_BLOCKING,
      }),
    });
    return definition;
  }

  /** What the container reads; typed by the API's own schema, so that a missing or misspelt variable does not compile. */
  private environment({ environment, data, auth, commit }: ApiServiceProps): Record<string, string> {
    return {
      PORT: String(container.port),
      VERSION: releaseName(commit),
      COMMIT: commit,
      LOG_LEVEL: environment.tier === 'production' ? 'info' : 'debug',
      AWS_REGION: environment.region,
      USER_POOL_ID: auth.userPool.userPoolId,
      USER_POOL_CLIENT_IDS: [auth.webClient, auth.apiClient, auth.syntheticClient]
        .map((client) => client.userPoolClientId)
        .join(','),
      DATABASE_HOST: data.database.host,
      DATABASE_PORT: data.database.port,
      DATABASE_NAME: data.database.name,
      DATABASE_USER: data.database.apiUser,
    } satisfies ApiEnvironmentInput;
  }

  /** The role by which Fargate pulls the image and opens the log stream; what it may is added by both. */
  private executionRole(): iam.Role {
    return new iam.Role(this, 'ExecutionRole', {
      description: 'Pulls the API image and writes its log',
      assumedBy: new iam.ServicePrincipal('ecs-tasks.amazonaws.com', {
        conditions: {
          StringEquals: { 'aws:SourceAccount': Stack.of(this).account },
          ArnLike: { 'aws:SourceArn': Stack.of(this).formatArn({ service: 'ecs', resource: '*' }) },
        },
      }),
    });
  }
}
