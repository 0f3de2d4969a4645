import { MetricUnit } from '@aws-lambda-powertools/metrics';
import type { PreSignUpTriggerEvent } from 'aws-lambda';
import { parseEnvironment } from '../shared/environment';
import { signUpDomainOf } from '../shared/sign-up-domains';
import { logger, metrics, traced } from '../shared/telemetry';
import { preSignUpSchema } from './env';

const { SIGN_UP_DOMAINS } = parseEnvironment(preSignUpSchema);

/** Refuses a sign-up; Cognito shows the text to whoever asked, so it is the same for every reason. */
export class SignUpRefusedError extends Error {
  constructor() {
    super('Sign-up is not open for this address. Ask your organisation for an invitation.');
    this.name = 'SignUpRefusedError';
  }
}

/** Why a sign-up is refused, for the log; nothing when it is not. */
function refusal(event: PreSignUpTriggerEvent): string | undefined {
  // An administrator's call is authorised by IAM; the person still proves the address and enrols a second factor.
  if (event.triggerSource === 'PreSignUp_AdminCreateUser') return undefined;
  if (event.triggerSource !== 'PreSignUp_SignUp') return 'source';
  const { userAttributes } = event.request;
  if (Object.keys(userAttributes).some((name) => name.startsWith('custom:') || name.startsWith('dev:')))
    return 'attributes';
  return signUpDomainOf(userAttributes['email'], SIGN_UP_DOMAINS) ? undefined : 'domain';
}

/**
 * Lets those sign up whose address is in a configured domain. Nobody is confirmed and no address is taken as verified:
 * the person proves it with the code that is mailed to it.
 * @throws SignUpRefusedError for everybody else
 */
export const handler = traced((event: PreSignUpTriggerEvent): Promise<PreSignUpTriggerEvent> => {
  const reason = refusal(event);
  logger.info(reason ? 'sign-up refused' : 'sign-up allowed', { source: event.triggerSource, reason });
  metrics.addMetric(reason ? 'SignUpRefused' : 'SignUpAllowed', MetricUnit.Count, 1);
  if (reason) throw new SignUpRefusedError();
  event.response = { autoConfirmUser: false, autoVerifyEmail: false, autoVerifyPhone: false };
  return Promise.resolve(event);
});
