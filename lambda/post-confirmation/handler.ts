import { MetricUnit } from '@aws-lambda-powertools/metrics';
import {
  AdminAddUserToGroupCommand,
  AdminUpdateUserAttributesCommand,
  CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider';
import type { PostConfirmationTriggerEvent } from 'aws-lambda';
import { parseEnvironment } from '../shared/environment';
import { signUpDomainOf } from '../shared/sign-up-domains';
import { logger, metrics, traced, tracer } from '../shared/telemetry';
import { postConfirmationSchema } from './env';

const { SIGN_UP_DOMAINS } = parseEnvironment(postConfirmationSchema);
const cognito = tracer.captureAWSv3Client(new CognitoIdentityProviderClient({}));

/**
 * Puts a person who has proved their address into the organisation and the role that their domain stands for.
 * A second call changes nothing more. A password reset confirms an address too, and leaves everything as it is:
 * an administrator may have moved the person meanwhile.
 */
export const handler = traced(
  async (event: PostConfirmationTriggerEvent): Promise<PostConfirmationTriggerEvent> => {
    if (event.triggerSource !== 'PostConfirmation_ConfirmSignUp') return event;
    const { email, email_verified: verified } = event.request.userAttributes;
    // An administrator can confirm a person without the mailed code; the address proves nothing then.
    const domain = verified === 'true' ? signUpDomainOf(email, SIGN_UP_DOMAINS) : undefined;
    if (!domain) {
      logger.warn('person confirmed without a role', { verified: verified === 'true' });
      metrics.addMetric('ConfirmedWithoutRole', MetricUnit.Count, 1);
      return event;
    }
    const person = { UserPoolId: event.userPoolId, Username: event.userName };
    // The organisation first: a role without one must not exist, not even for a moment.
    await cognito.send(
      new AdminUpdateUserAttributesCommand({
        ...person,
        UserAttributes: [{ Name: 'custom:org_id', Value: domain.organisation }],
      }),
    );
    await cognito.send(new AdminAddUserToGroupCommand({ ...person, GroupName: domain.role }));
    logger.info('person placed', { role: domain.role });
    metrics.addMetric('PersonPlaced', MetricUnit.Count, 1);
    return event;
  },
);
