import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as cognito from 'aws-cdk-lib/aws-cognito';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { postConfirmationSchema } from '../../lambda/post-confirmation/env';
import { preSignUpSchema } from '../../lambda/pre-sign-up/env';
import { preTokenGenerationSchema } from '../../lambda/pre-token-generation/env';
import type { Environment } from '../config/schema';
import type { Network } from '../network/network-stack';
import { AliasShifts } from '../shared/alias-shifts';
import { Handler, METRICS_NAMESPACE } from '../shared/handler';
import type { Operations } from '../shared/operations';

/** What the user pool's triggers are made from. */
export interface TriggersProps {
  /** The environment they belong to. */
  readonly environment: Environment;
  /** The network they stand in. */
  readonly network: Network;
  /** Where their logs, queues and alarms go. */
  readonly operations: Operations;
  /** The pool that calls them. */
  readonly userPool: cognito.UserPool;
}

/**
 * The functions that decide who may sign up, what a new person becomes, and what a token says. People wait for their
 * answer, so the pool calls aliases, which a new version takes over in steps.
 */
export class Triggers extends Construct {
  /** What the pool calls: refuses who may not sign up, places a new person, writes role and organisation into tokens. */
  readonly aliases: Readonly<
    Record<'preSignUp' | 'postConfirmation' | 'preTokenGeneration', lambda.IFunction>
  >;

  constructor(scope: Construct, id: string, props: TriggersProps) {
    super(scope, id);
    const { environment, userPool } = props;
    const shared = {
      environment,
      operations: props.operations,
      vpc: props.network.vpc,
      securityGroup: props.network.securityGroups.functions,
      reservedConcurrency: 20,
    };
    const SIGN_UP_DOMAINS = JSON.stringify(environment.signUp.domains);

    const preSignUp = new Handler(this, 'PreSignUp', {
      ...shared,
      name: 'pre-sign-up',
      description: 'Refuses who may not sign up by themselves',
      schema: preSignUpSchema,
      variables: { SIGN_UP_DOMAINS },
    });
    const postConfirmation = new Handler(this, 'PostConfirmation', {
      ...shared,
      name: 'post-confirmation',
      description: 'Gives a person who signed up an organisation and a role',
      schema: postConfirmationSchema,
      variables: { SIGN_UP_DOMAINS },
    });
    const preTokenGeneration = new Handler(this, 'PreTokenGeneration', {
      ...shared,
      name: 'pre-token-generation',
      description: 'Writes role and organisation into tokens',
      schema: preTokenGenerationSchema,
      variables: {},
    });

    this.aliases = new AliasShifts(this, 'Live', {
      environment,
      operations: props.operations,
      handlers: {
        preSignUp: {
          handler: preSignUp,
          // Cognito has no other way of being told no; whoever asks could else stop every release.
          refusals: new cloudwatch.Metric({
            namespace: METRICS_NAMESPACE,
            metricName: 'SignUpRefused',
            dimensionsMap: { service: 'pre-sign-up' },
          }),
        },
        postConfirmation: { handler: postConfirmation },
        preTokenGeneration: { handler: preTokenGeneration },
      },
    }).aliases;
    const { UserPoolOperation, LambdaVersion } = cognito;
    userPool.addTrigger(UserPoolOperation.PRE_SIGN_UP, this.aliases.preSignUp);
    userPool.addTrigger(UserPoolOperation.POST_CONFIRMATION, this.aliases.postConfirmation);
    userPool.addTrigger(
      UserPoolOperation.PRE_TOKEN_GENERATION_CONFIG,
      this.aliases.preTokenGeneration,
      LambdaVersion.V2_0,
    );

    // Beside the role, not under it: a function waits for what is under its role, the pool waits for the function,
    // and this policy waits for the pool.
    new iam.ManagedPolicy(this, 'PlacePeople', {
      description: 'Lets the post-confirmation trigger place people of this pool',
      roles: [postConfirmation.role],
      statements: [
        new iam.PolicyStatement({
          actions: ['cognito-idp:AdminAddUserToGroup', 'cognito-idp:AdminUpdateUserAttributes'],
          resources: [userPool.userPoolArn],
        }),
      ],
    });
  }
}
