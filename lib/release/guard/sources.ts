import { type Comparison, comparisonsIn, keepsOut } from './comparisons';
import { type Grant, grantsOf, grantWords } from './grants';
import type { ChangeSet, Found, TemplateResource } from './model';
import { reachOf } from './reach';

/** A service, as a policy names one and as a permission to invoke a function does. */
const SERVICE = /^(?:Service .+|[a-z0-9.-]+\.amazon(?:aws)?\.com(?:\.cn)?)$/;
/** Conditions on what a service acts for, in a policy and as a permission has them. */
const SOURCE = /^(?:aws:)?Source(?:Account|Arn|Owner)$/i;

/** Whether a grant is for one of AWS's services. */
export function isForService({ principal }: Grant): boolean {
  return SERVICE.test(principal);
}

/** Every value that a condition compares the source with, however it compares. */
export function sourcesOf(grant: Grant): readonly string[] {
  return ofTheSource(grant).flatMap(({ values }) => values);
}

/**
 * What a new policy lets a service do without the source that another one bound it to, which goes in the same change set:
 * the statements have moved to another name, and the bounds have not come with them.
 */
export function unsourced(
  id: string,
  is: TemplateResource,
  { changes, before, after }: ChangeSet,
): readonly Found[] {
  const reach = reachOf(is, after);
  const gone = changes
    .filter(({ action }) => action === 'Remove')
    .flatMap(({ id: other }) => before[other] ?? [])
    .filter((was) => was.Type === is.Type && [...reachOf(was, before).keys()].some((one) => reach.has(one)))
    .flatMap(grantsOf);
  return grantsOf(is)
    .filter((grant) => grant.effect === 'Allow' && isForService(grant))
    .filter((grant) => {
      const alike = gone.filter(
        (was) => was.effect === 'Allow' && was.principal === grant.principal && was.action === grant.action,
      );
      const bounds = boundsOf(grant);
      return alike.length > 0 && alike.every((was) => [...boundsOf(was)].some((bound) => !bounds.has(bound)));
    })
    .map((grant) => {
      const words = grantWords(grant);
      return {
        ...{ kind: 'iam', id, change: words },
        words: `It would newly ${words}, where a policy that goes asks for the source as well.`,
      };
    });
}

/** What is asked of a service's source, by the name of each condition that keeps anybody out. */
function boundsOf(grant: Grant): ReadonlySet<string> {
  const keeping = ofTheSource(grant).filter(keepsOut);
  return new Set(keeping.map(({ key }) => key.toLowerCase().replace('aws:', '')));
}

function ofTheSource({ condition }: Grant): readonly Comparison[] {
  return comparisonsIn(condition).filter(({ key }) => SOURCE.test(key));
}
