import * as cognito from 'aws-cdk-lib/aws-cognito';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { postConfirmationSchema } from '../../lambda/post-confirmation/env';
import { preSignUpSchema } from '../../lambda/pre-sign-up/env';
import { preTokenGenerationSchema } from '../../lambda/pre-token-generation/env';
import type { Environment } from '../config/schema';
import type { Network } from '../network/network-stack';
import { Handler } from '../shared/handler';
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

/** The functions that decide who may sign up, what a new person becomes, and what a token says. */
export class Triggers extends Construct {
  /** Refuses who may not sign up by themselves. */
  readonly preSignUp: Handler<typeof preSignUpSchema>;
  /** Places a new person. */
  readonly postConfirmation: Handler<typeof postConfirmationSchema>;
  /** Writes role and organisation into tokens. */
  readonly preTokenGeneration: Handler<typeof preTokenGenerationSchema>;

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

    this.preSignUp = new Handler(this, 'PreSignUp', {
      ...shared,
      name: 'pre-sign-up',
      description: 'Refuses who may not sign up by themselves',
      schema: preSignUpSchema,
      variables: { SIGN_UP_DOMAINS },
    });
    this.postConfirmation = new Handler(this, 'PostConfirmation', {
      ...shared,
      name: 'post-confirmation',
      description: 'Gives a person who signed up an organisation and a role',
      schema: postConfirmationSchema,
      variables: { SIGN_UP_DOMAINS },
    });
    this.preTokenGeneration = new Handler(this, 'PreTokenGeneration', {
      ...shared,
      name: 'pre-token-generation',
      description: 'Writes role and organisation into tokens',
      schema: preTokenGenerationSchema,
      variables: {},
    });

    const { UserPoolOperation, LambdaVersion } = cognito;
    userPool.addTrigger(UserPoolOperation.PRE_SIGN_UP, this.preSignUp.function);
    userPool.addTrigger(UserPoolOperation.POST_CONFIRMATION, this.postConfirmation.function);
    userPool.addTrigger(
      UserPoolOperation.PRE_TOKEN_GENERATION_CONFIG,
      this.preTokenGeneration.function,
      LambdaVersion.V2_0,
    );

    // Beside the role, not under it: a function waits for what is under its role, the pool waits for the function,
    // and this policy waits for the pool.
    new iam.ManagedPolicy(this, 'PlacePeople', {
      description: 'Lets the post-confirmation trigger place people of this pool',
      roles: [this.postConfirmation.role],
      statements: [
        new iam.PolicyStatement({
          actions: ['cognito-idp:AdminAddUserToGroup', 'cognito-idp:AdminUpdateUserAttributes'],
          resources: [userPool.userPoolArn],
        }),
      ],
    });
  }
}
