import { MetricUnit } from '@aws-lambda-powertools/metrics';
import type { PreTokenGenerationV2TriggerEvent } from 'aws-lambda';
import { isRole, ORGANISATION_ID, ROLES } from '../shared/roles';
import { logger, metrics, traced } from '../shared/telemetry';

/** The claims that only this function sets. */
const OWN_CLAIMS = ['role', 'org_id'] as const;

/**
 * Writes `role` and `org_id` into access and identity tokens: the first of the ten roles whose group the person is in,
 * and the organisation that an administrator or the post-confirmation trigger wrote. What is missing is suppressed,
 * so that nothing else can put the claim there. Groups that are no role do not reach the tokens.
 */
export const handler = traced(
  (event: PreTokenGenerationV2TriggerEvent): Promise<PreTokenGenerationV2TriggerEvent> => {
    const groups = new Set((event.request.groupConfiguration.groupsToOverride ?? []).filter(isRole));
    const role = ROLES.find((candidate) => groups.has(candidate));
    const organisation = event.request.userAttributes['custom:org_id'];
    const own: Readonly<Record<(typeof OWN_CLAIMS)[number], string | undefined>> = {
      role,
      org_id: organisation !== undefined && ORGANISATION_ID.test(organisation) ? organisation : undefined,
    };
    const claimsToAddOrOverride = Object.fromEntries(
      Object.entries(own).filter((entry): entry is [string, string] => entry[1] !== undefined),
    );
    const claims = {
      claimsToAddOrOverride,
      claimsToSuppress: OWN_CLAIMS.filter((claim) => own[claim] === undefined),
    };
    event.response = {
      claimsAndScopeOverrideDetails: {
        accessTokenGeneration: claims,
        idTokenGeneration: claims,
        groupOverrideDetails: { groupsToOverride: ROLES.filter((candidate) => groups.has(candidate)) },
      },
    };
    logger.info('token claims set', {
      source: event.triggerSource,
      role,
      organisation: own.org_id !== undefined,
    });
    if (role === undefined) metrics.addMetric('TokenWithoutRole', MetricUnit.Count, 1);
    return Promise.resolve(event);
  },
);
