import { Duration, RemovalPolicy, Tags } from 'aws-cdk-lib';
import type * as cognito from 'aws-cdk-lib/aws-cognito';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { Construct, type IDependable } from 'constructs';
import { rotateSyntheticPersonSchema } from '../../lambda/rotate-synthetic-person/env';
import { signInSyntheticPersonSchema } from '../../lambda/sign-in-synthetic-person/env';
import type { Environment } from '../config/schema';
import type { Network } from '../network/network-stack';
import { EncryptionKey } from '../shared/encryption-key';
import { Handler } from '../shared/handler';
import type { Operations } from '../shared/operations';

/** How long one synthetic person lasts. */
const ROTATION = Duration.days(30);

/** What the synthetic person is made from. */
export interface SyntheticPersonProps {
  /** The environment that the person is in. */
  readonly environment: Environment;
  /** The network that the functions stand in. */
  readonly network: Network;
  /** Where their logs, queues and alarms go. */
  readonly operations: Operations;
  /** The pool that the person is in. */
  readonly userPool: cognito.UserPool;
  /** The client that the person signs in through. */
  readonly client: cognito.UserPoolClient;
  /** What has to stand before a person can be made: the groups and the triggers of the pool. */
  readonly after: readonly IDependable[];
}

/**
 * The person that a release is tried as (docs/adr/0119-synthetic-person.md). The rotation of their secret makes them, and
 * makes another every 30 days. One function signs them in; who may call it gets an access token of five minutes, and only
 * the two functions can read the secret.
 */
export class SyntheticPerson extends Construct {
  /** Holds user name, password and authenticator secret. */
  readonly secret: secretsmanager.Secret;
  /** Makes the person, and another when the secret is rotated. */
  readonly rotation: Handler<typeof rotateSyntheticPersonSchema>;
  /** Signs the person in. */
  readonly signIn: Handler<typeof signInSyntheticPersonSchema>;

  constructor(scope: Construct, id: string, props: SyntheticPersonProps) {
    super(scope, id);
    const { environment, network, operations, userPool, client } = props;
    const key = new EncryptionKey(this, 'Key', { environment, purpose: 'synthetic-person' });
    this.secret = new secretsmanager.Secret(this, 'Secret', {
      description: `telehealth ${environment.name}: what the synthetic person signs in with`,
      encryptionKey: key,
      // Its person is deleted with the pool or made anew with it: there is nothing to keep.
      removalPolicy: RemovalPolicy.DESTROY,
    });
    Tags.of(this).add('DataClassification', 'Secret');

    const shared = {
      environment,
      operations,
      vpc: network.vpc,
      securityGroup: network.securityGroups.functions,
      // A one-time code is taken once: a second sign-in waits for the next one, up to half a minute.
      timeout: Duration.seconds(100),
      reservedConcurrency: 2,
      variables: {
        USER_POOL_ID: userPool.userPoolId,
        CLIENT_ID: client.userPoolClientId,
        SECRET_ARN: this.secret.secretArn,
      },
    };
    this.rotation = new Handler(this, 'Rotation', {
      ...shared,
      name: 'rotate-synthetic-person',
      description: 'Makes the person that releases are tried as, and another every 30 days',
      schema: rotateSyntheticPersonSchema,
    });
    this.signIn = new Handler(this, 'SignIn', {
      ...shared,
      name: 'sign-in-synthetic-person',
      description: 'Signs in the person that releases are tried as',
      schema: signInSyntheticPersonSchema,
    });
    this.allow(this.rotation.role, userPool, {
      pool: [
        'cognito-idp:AdminCreateUser',
        'cognito-idp:AdminSetUserPassword',
        'cognito-idp:AdminAddUserToGroup',
        'cognito-idp:AdminDeleteUser',
      ],
      secret: [
        'secretsmanager:DescribeSecret',
        'secretsmanager:PutSecretValue',
        'secretsmanager:UpdateSecretVersionStage',
      ],
      key: ['kms:GenerateDataKey'],
    });
    this.allow(this.signIn.role, userPool, { pool: [], secret: [], key: [] });
    this.closeSecret();
    this.schedule(props);
  }

  /** What both may do, and what one may do beside it. */
  private allow(
    role: iam.Role,
    userPool: cognito.IUserPool,
    more: Readonly<Record<'pool' | 'secret' | 'key', readonly string[]>>,
  ): void {
    const { secretArn, encryptionKey, stack } = this.secret;
    role.addToPolicy(
      new iam.PolicyStatement({
        sid: 'SyntheticPerson',
        actions: ['cognito-idp:AdminInitiateAuth', 'cognito-idp:AdminRespondToAuthChallenge', ...more.pool],
        resources: [userPool.userPoolArn],
      }),
    );
    role.addToPolicy(
      new iam.PolicyStatement({
        sid: 'Secret',
        actions: ['secretsmanager:GetSecretValue', ...more.secret],
        resources: [secretArn],
      }),
    );
    if (encryptionKey)
      role.addToPolicy(
        new iam.PolicyStatement({
          sid: 'SecretKey',
          actions: ['kms:Decrypt', ...more.key],
          resources: [encryptionKey.keyArn],
          conditions: {
            StringEquals: {
              'kms:ViaService': `secretsmanager.${stack.region}.amazonaws.com`,
              'kms:EncryptionContext:SecretARN': secretArn,
            },
          },
        }),
      );
  }

  /** Nobody but the two functions reads the secret, whatever their own policy allows. */
  private closeSecret(): void {
    this.secret.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'FunctionsAlone',
        effect: iam.Effect.DENY,
        principals: [new iam.AnyPrincipal()],
        actions: ['secretsmanager:GetSecretValue'],
        resources: ['*'],
        conditions: {
          ArnNotEquals: { 'aws:PrincipalArn': [this.rotation.role.roleArn, this.signIn.role.roleArn] },
        },
      }),
    );
  }

  /** The first rotation begins at once, when everything stands that it needs. */
  private schedule({ environment, after }: SyntheticPersonProps): void {
    const target: lambda.Function = this.rotation.function;
    target.addPermission('Rotate', {
      principal: new iam.ServicePrincipal('secretsmanager.amazonaws.com'),
      sourceAccount: environment.account,
    });
    const schedule = new secretsmanager.CfnRotationSchedule(this, 'Schedule', {
      secretId: this.secret.secretArn,
      rotationLambdaArn: target.functionArn,
      rotateImmediatelyOnUpdate: true,
      rotationRules: { automaticallyAfterDays: ROTATION.toDays() },
    });
    schedule.node.addDependency(target, this.rotation.role, ...after);
  }
}
