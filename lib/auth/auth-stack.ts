import { CfnOutput, Tags } from 'aws-cdk-lib';
import type * as cognito from 'aws-cdk-lib/aws-cognito';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { Network } from '../network/network-stack';
import type { Operations } from '../shared/operations';
import { PlatformStack, type PlatformStackProps } from '../shared/platform-stack';
import { ApiRole } from './api-role';
import { Clients } from './clients';
import { People } from './people';
import { SignInAlarms } from './sign-in-alarms';
import { SignInDomain } from './sign-in-domain';
import { SyntheticPerson } from './synthetic-person';
import { ThreatResponse } from './threat-response';
import { Triggers } from './triggers';

/** Who may do what, as the other stacks see it. */
export interface Auth {
  /** The people. */
  readonly userPool: cognito.IUserPool;
  /** The client of the web front end; public, without a secret. */
  readonly webClient: cognito.IUserPoolClient;
  /** The client of scripts and tests that act for a person through the API. */
  readonly apiClient: cognito.IUserPoolClient;
  /** The client of the synthetic person, whom a release is tried as. */
  readonly syntheticClient: cognito.IUserPoolClient;
  /** Signs the synthetic person in; answers `{ accessToken }`. */
  readonly syntheticSignIn: lambda.IFunction;
  /**
   * The role that the API's tasks run as. It stands here, before data, app and video grant it anything,
   * so that App and Video can be deployed side by side.
   */
  readonly apiRole: iam.IRole;
}

/** What the auth stack is made from. */
export interface AuthStackProps extends PlatformStackProps {
  /** The network its functions stand in. */
  readonly network: Network;
  /** Where logs, queues and alarms go. */
  readonly operations: Operations;
}

/** People, the roles they hold, and the role that the API runs as. */
export class AuthStack extends PlatformStack implements Auth {
  /** The people. */
  readonly userPool: cognito.UserPool;
  /** The client of the web front end. */
  readonly webClient: cognito.UserPoolClient;
  /** The client of scripts and tests. */
  readonly apiClient: cognito.UserPoolClient;
  /** The client of the synthetic person. */
  readonly syntheticClient: cognito.UserPoolClient;
  /** Signs the synthetic person in. */
  readonly syntheticSignIn: lambda.IFunction;
  /** The role of the API's tasks. */
  readonly apiRole: iam.Role;

  constructor(scope: Construct, id: string, props: AuthStackProps) {
    super(scope, id, props);
    const { environment, network, operations } = props;
    Tags.of(this).add('DataClassification', 'Internal');

    this.userPool = new People(this, 'People', { environment });
    const triggers = new Triggers(this, 'Triggers', {
      environment,
      network,
      operations,
      userPool: this.userPool,
    });
    const clients = new Clients(this, 'Clients', { environment, userPool: this.userPool });
    this.webClient = clients.web;
    this.apiClient = clients.api;
    this.syntheticClient = clients.synthetic;
    this.syntheticSignIn = new SyntheticPerson(this, 'SyntheticPerson', {
      ...{ environment, network, operations, userPool: this.userPool, client: this.syntheticClient },
      after: [this.userPool, triggers],
    }).signIn.function;
    new ThreatResponse(this, 'ThreatResponse', { userPool: this.userPool });
    new SignInAlarms(this, 'SignInAlarms', {
      userPool: this.userPool,
      clients: { web: this.webClient, api: this.apiClient, synthetic: this.syntheticClient },
      topic: operations.alarmTopic,
    });
    if (environment.domain)
      new SignInDomain(this, 'SignInDomain', {
        region: environment.region,
        domain: environment.domain,
        userPool: this.userPool,
        webClient: this.webClient,
      });
    this.apiRole = new ApiRole(this, 'ApiRole', { environment });

    new CfnOutput(this, 'UserPoolId', { value: this.userPool.userPoolId });
    new CfnOutput(this, 'WebClientId', { value: this.webClient.userPoolClientId });
    new CfnOutput(this, 'ApiClientId', { value: this.apiClient.userPoolClientId });
    new CfnOutput(this, 'PostConfirmationFunction', {
      value: triggers.aliases.postConfirmation.functionName,
    });
  }
}
