import { LIST_DATED } from '../phi/services';
import type { PhiMap } from './model';

const LIMITS: readonly string[] = [
  'It does not say that the company is compliant: it says which items of the Security Rule have evidence, which rest on exceptions, and which wait for people.',
  'Rules judge the construct tree and the templates. What is changed in an account by hand is seen by drift detection and AWS Config, not here.',
  'A control is met when every rule that serves it holds and nothing else is due; a rule looks at one technical slice of it.',
  'The rules of cdk-nag cite 21 of the items; the further mapping of the catalogue is this platform’s own judgement.',
  'Whatever was not applicable to any resource, and whatever ended in an error, never counts as met.',
  'Inherited controls rest on the business associate agreement with AWS and its SOC reports, which are not part of this report.',
  'Manual evidence is as true as the record that people keep; only its dates are checked.',
  'Who may read and decrypt is computed from the templates: administrators of the account, the roles that deploy, policies of the organisation and grants made at run time are not in them. What the templates do not tell counts as can.',
  'Inside the database its own grants decide who sees which row; tests show them, the map does not.',
  'An item of a table can be written over by whoever may put items into it, which no policy can refuse; the recovery to a point in time shows what was there.',
  `The list of eligible services is that of ${LIST_DATED}. Whether AWS still lists a service, and under which terms, its live page says; docs/compliance/renew-the-service-list.md tells how to renew the list.`,
  'The Privacy Rule and the Breach Notification Rule are not part of it.',
];

/** Said besides where no store of health data was mapped. */
const NOT_MAPPED =
  'Where health data lies, who may decrypt it and which services are eligible was not computed for this report: an empty map shows nothing.';

/** What a report does not prove, in sentences. @param phi - its map of health data */
export function limitsOf(phi: PhiMap): string[] {
  return phi.stores.length > 0 ? [...LIMITS] : [...LIMITS, NOT_MAPPED];
}
