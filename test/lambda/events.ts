import type {
  Context,
  PostConfirmationTriggerEvent,
  PreSignUpTriggerEvent,
  PreTokenGenerationV2TriggerEvent,
} from 'aws-lambda';

/** An address that must never reach a log. */
export const EMAIL = 'pat.example@clinic.example';

const common = {
  region: 'us-east-1',
  userPoolId: 'us-east-1_Example01',
  userName: 'f3b6c0de-0000-4000-8000-000000000001',
  callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId: '4exampleclient4example4' },
};

/** What Lambda says of a call. */
export const context = {
  functionName: 'function',
  functionVersion: '$LATEST',
  invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:function',
  memoryLimitInMB: '512',
  awsRequestId: '00000000-0000-4000-8000-000000000002',
} as Context;

/** A person's own sign-up, as Cognito sends it. */
export function preSignUp(
  userAttributes: Record<string, string>,
  triggerSource: PreSignUpTriggerEvent['triggerSource'] = 'PreSignUp_SignUp',
): PreSignUpTriggerEvent {
  return {
    ...common,
    version: '1',
    triggerSource,
    request: { userAttributes },
    response: { autoConfirmUser: false, autoVerifyEmail: false, autoVerifyPhone: false },
  };
}

/** A confirmed sign-up, as Cognito sends it. */
export function postConfirmation(
  userAttributes: Record<string, string>,
  triggerSource: PostConfirmationTriggerEvent['triggerSource'] = 'PostConfirmation_ConfirmSignUp',
): PostConfirmationTriggerEvent {
  return {
    ...common,
    version: '1',
    triggerSource,
    request: {
      userAttributes: { sub: common.userName, 'cognito:user_status': 'CONFIRMED', ...userAttributes },
    },
    response: {},
  };
}

/** A token about to be made, as Cognito sends it to version 2 of the trigger. */
export function preTokenGeneration(
  groups: string[] | undefined,
  userAttributes: Record<string, string>,
  clientMetadata?: Record<string, string>,
): PreTokenGenerationV2TriggerEvent {
  return {
    ...common,
    version: '2',
    triggerSource: 'TokenGeneration_Authentication',
    request: {
      userAttributes: { sub: common.userName, email: EMAIL, email_verified: 'true', ...userAttributes },
      groupConfiguration: { groupsToOverride: groups, iamRolesToOverride: [], preferredRole: undefined },
      scopes: ['aws.cognito.signin.user.admin'],
      ...(clientMetadata && { clientMetadata }),
    },
    response: { claimsAndScopeOverrideDetails: null },
  } as unknown as PreTokenGenerationV2TriggerEvent;
}
