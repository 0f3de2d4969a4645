import { CfnOutput, Tags } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as ssm from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import type { Auth } from '../auth/auth-stack';
import type { Data } from '../data/data-stack';
import { APP_OUTPUTS } from '../migrations/remote/outputs';
import { container } from '../../app/src/container';
import type { Network } from '../network/network-stack';
import { RELEASE_OUTPUTS } from '../release/outputs';
import type { PlacedImage } from '../shared/image-repository';
import type { Operations } from '../shared/operations';
import { PlatformStack, type PlatformStackProps } from '../shared/platform-stack';
import { ApiAlarms } from './api-alarms';
import { ApiDomain } from './api-domain';
import { ApiLoadBalancer } from './api-load-balancer';
import { ApiPermissions } from './api-permissions';
import { ApiRelease } from './api-release';
import { ApiScaling } from './api-scaling';
import { ApiService, CONTAINER_NAME } from './api-service';
import { Email } from './email';
import { FrontEnd } from './front-end';
import { ReleaseHooks } from './release-hooks';
import { ReleasePermissions } from './release-permissions';
import { WebFirewall } from './web-firewall';

/** What the app stack is made from. */
export interface AppStackProps extends PlatformStackProps {
  /** The VPC and its security groups. */
  readonly network: Network;
  /** Where logs and alarms go. */
  readonly operations: Operations;
  /** The data stores. */
  readonly data: Data;
  /** The people, and the role of the API. */
  readonly auth: Auth;
  /** The commit that is deployed. */
  readonly commit: string;
  /**
   * The image that the pipeline built.
   * @default - it is built from app/ when it is deployed
   */
  readonly image?: PlacedImage;
}

/** The API behind its load balancer, released by CodeDeploy; mail and front end where they are configured. */
export class AppStack extends PlatformStack {
  /** Public address of the API. */
  readonly apiUrl: CfnOutput;
  /** Name of the function that signs in the synthetic person. */
  readonly signInFunction: CfnOutput;

  constructor(scope: Construct, id: string, props: AppStackProps) {
    super(scope, id, props);
    const { environment, network, operations, data, auth, commit } = props;
    Tags.of(this).add('DataClassification', 'Internal');

    const domain = new ApiDomain(this, 'Domain', { environment });
    const front = new ApiLoadBalancer(this, 'Front', {
      network,
      accessLogsBucket: operations.accessLogsBucket,
      certificate: domain.certificate,
    });
    domain.pointAt(front.loadBalancer);
    const apiHost = environment.domain
      ? `api.${environment.domain.name}`
      : front.loadBalancer.loadBalancerDnsName;
    new WebFirewall(this, 'Firewall', {
      environment,
      operations,
      loadBalancerArn: front.loadBalancer.loadBalancerArn,
    });

    new ApiPermissions(this, 'ApiPermissions', { environment, data, role: auth.apiRole });
    const api = new ApiService(this, 'Api', { ...props, targetGroup: front.blue });
    api.service.node.addDependency(front.production, front.test);
    new ApiScaling(this, 'ApiScaling', {
      environment,
      service: api.service,
      targetGroups: [front.blue, front.green],
    });
    const alarms = new ApiAlarms(this, 'Alarms', { operations, front, api });
    const hooks = new ReleaseHooks(this, 'ReleaseHooks', {
      ...{ environment, network, operations, data, front },
      signIn: auth.syntheticSignIn,
    });
    const release = new ApiRelease(this, 'Release', {
      environment,
      api,
      front,
      taskRole: auth.apiRole,
      hooks,
      // Ten, the most that CodeDeploy takes.
      alarms: [...alarms.release, data.connectionsAlarm, hooks.broken],
    });

    if (domain.zone)
      new Email(this, 'Email', { environment, operations, zone: domain.zone, role: auth.apiRole });
    if (environment.frontEnd)
      new FrontEnd(this, 'FrontEnd', {
        environment,
        operations,
        auth,
        apiHost,
        ...environment.frontEnd,
      });

    // Not a tag: a tag that changes with each commit would change the service, which must never change.
    const record = new ssm.StringParameter(this, 'Commit', {
      parameterName: `/telehealth/${environment.name}/commit`,
      description: 'The commit that is deployed',
      stringValue: commit,
    });

    if (network.releaseCaller)
      new ReleasePermissions(this, 'ReleasePermissions', {
        environment,
        caller: network.releaseCaller,
        api,
        release,
        data,
      });
    if (network.checkCaller)
      new iam.ManagedPolicy(this, 'TryRelease', {
        description: `telehealth ${environment.name}: the pipeline tries what was released`,
        roles: [network.checkCaller],
        statements: [
          new iam.PolicyStatement({
            sid: 'TryAsSyntheticPerson',
            actions: ['lambda:InvokeFunction'],
            resources: [auth.syntheticSignIn.functionArn],
          }),
        ],
      });

    if (data.migrationCaller)
      new iam.ManagedPolicy(this, 'SeeTraffic', {
        description: `telehealth ${environment.name}: the pipeline sees whether an older release has tasks`,
        roles: [data.migrationCaller],
        statements: [
          new iam.PolicyStatement({
            sid: 'SeeTasks',
            actions: ['ecs:DescribeServices'],
            resources: [api.service.serviceArn],
          }),
          new iam.PolicyStatement({
            sid: 'FindService',
            actions: ['cloudformation:DescribeStacks'],
            resources: [this.stackId],
          }),
        ],
      });

    for (const [name, value, description] of [
      ['LoadBalancerDns', front.loadBalancer.loadBalancerDnsName, 'Where the API answers'],
      [APP_OUTPUTS.cluster, api.clusterName, 'The cluster that the API runs in'],
      [APP_OUTPUTS.service, api.service.serviceName, 'The service that CodeDeploy releases'],
      [RELEASE_OUTPUTS.application, release.application.applicationName, 'The CodeDeploy application'],
      [RELEASE_OUTPUTS.group, release.group.deploymentGroupName, 'The CodeDeploy deployment group'],
      [RELEASE_OUTPUTS.cluster, api.clusterName, 'The cluster that is released'],
      [RELEASE_OUTPUTS.service, api.service.serviceName, 'The service that is released'],
      [
        RELEASE_OUTPUTS.taskDefinition,
        api.taskDefinition.taskDefinitionArn,
        'The version that a release brings up',
      ],
      [RELEASE_OUTPUTS.container, CONTAINER_NAME, 'The container that takes the traffic'],
      [RELEASE_OUTPUTS.port, String(container.port), 'Its port'],
      [RELEASE_OUTPUTS.testTrafficHook, hooks.testTraffic.function.functionArn, 'Tries a new version'],
      [
        RELEASE_OUTPUTS.publicTrafficHook,
        hooks.publicTraffic.function.functionArn,
        'Tries a version that is public',
      ],
      [RELEASE_OUTPUTS.trafficHook, hooks.beforeTraffic.function.functionArn, 'The last gate of a release'],
      [RELEASE_OUTPUTS.table, data.releases.table.tableName, 'Holds a record of each release'],
      [RELEASE_OUTPUTS.bus, data.releases.bus.eventBusName, 'Tells of each release'],
      [RELEASE_OUTPUTS.version, commit, 'The commit of this template'],
      ['CommitParameter', record.parameterName, 'Where the deployed commit is written'],
    ] as const)
      new CfnOutput(this, name, { value, description });
    this.apiUrl = new CfnOutput(this, RELEASE_OUTPUTS.url, {
      value: `https://${apiHost}`,
      description: 'Public address of the API',
    });
    this.signInFunction = new CfnOutput(this, RELEASE_OUTPUTS.signIn, {
      value: auth.syntheticSignIn.functionName,
      description: 'Signs in the person that releases are tried as',
    });
  }
}
