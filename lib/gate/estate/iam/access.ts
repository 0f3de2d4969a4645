import { list, record } from '../../template-rules/values';
import { mayMean, meansAction, surelyMeans } from './match';
import { namesPrincipal, type Principal } from './principals';
import { type Statement, wordsOf } from './statements';

/** Whether something is allowed, and under which conditions. */
export type Access = { readonly allowed: false } | { readonly allowed: true; readonly condition: string };

const REFUSED: Access = { allowed: false };

/** What is asked for. */
export interface Request {
  /** For example `s3:GetObject`. */
  readonly action: string;
  /** ARN; it may end in `*` for any part of it. */
  readonly resource: string;
  /** The service that a key is used by, for example `s3`; absent where it is used directly or by any. */
  readonly via?: string;
  /** What the resource itself says, where it says anything. */
  readonly policy?: readonly Statement[];
}

/** One list for every resource without a policy, so that what is known about it is found again. */
const NO_POLICY: readonly Statement[] = [];

const byAction = new WeakMap<readonly Statement[], Map<string, readonly Statement[]>>();

/** The statements that are about an action; the same ones are asked for again for every resource. */
function about(statements: readonly Statement[], action: string): readonly Statement[] {
  let known = byAction.get(statements);
  if (!known) byAction.set(statements, (known = new Map<string, readonly Statement[]>()));
  let found = known.get(action);
  if (!found) {
    found = statements.filter(
      ({ actions, exceptActions }) =>
        actions.some((pattern) => meansAction(pattern, action)) !== exceptActions,
    );
    known.set(action, found);
  }
  return found;
}

function mayAllow(statement: Statement, { resource, via }: Request): boolean {
  if (statement.effect !== 'Allow') return false;
  const { resources, exceptResources, condition } = statement;
  const about = exceptResources
    ? !resources.some((pattern) => surelyMeans(pattern, resource))
    : resources.some((pattern) => mayMean(pattern, resource));
  return about && (via === undefined || mayBeVia(condition, via));
}

/** Whether a condition on the service that uses the key lets this service through. */
function mayBeVia(condition: Statement['condition'], via: string): boolean {
  return ['StringEquals', 'StringLike'].every((operator) => {
    const services = list(record(condition[operator])['kms:ViaService']);
    return services.length === 0 || services.some((service) => mayMean(String(service), `${via}.*`));
  });
}

/** A denial counts only where it surely holds: for this action, all of the resource, and without a condition. */
function surelyDenies(statement: Statement, { resource }: Request): boolean {
  const { effect, resources, exceptResources, condition } = statement;
  if (effect !== 'Deny' || Object.keys(condition).length > 0) return false;
  return exceptResources
    ? !resources.some((pattern) => mayMean(pattern, resource))
    : resources.some((pattern) => surelyMeans(pattern, resource));
}

/** What a resource's own policy says about it; `Resource: *` there means the resource itself. */
const ofResource = (request: Request, statement: Statement): Request =>
  statement.resources.every((one) => one === '*') ? { ...request, resource: '*' } : request;

function aboutPrincipal(statement: Statement, principal: Principal): boolean {
  const { principals, exceptPrincipals } = statement;
  return principals.some((named) => namesPrincipal(named, principal)) !== exceptPrincipals;
}

/** The weakest condition among what allows: none at all, or the shortest of them in words. */
function weakest(allowing: readonly Statement[]): Access {
  const words = allowing.map(({ condition }) => wordsOf(condition));
  const [first] = words.sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
  return first === undefined ? REFUSED : { allowed: true, condition: first };
}

/** Whether what bounds a principal lets the request through. */
function withinBoundary({ boundary }: Principal, request: Request): boolean {
  if (boundary === undefined) return true;
  const statements = about(boundary, request.action);
  return (
    statements.some((statement) => mayAllow(statement, request)) &&
    !statements.some((statement) => surelyDenies(statement, request))
  );
}

/**
 * Whether a principal of the templates may do something: by its own policies or by the resource's, unless one of them
 * surely denies it. Whatever is not known counts as allowed.
 * @param byIdentity - whether its own policies suffice; a key's policy decides that by itself
 */
export function permits(principal: Principal, request: Request, byIdentity = true): Access {
  const own = about(principal.statements, request.action);
  const policy = about(request.policy ?? NO_POLICY, request.action);
  if (own.length + policy.length === 0) return REFUSED;
  if (
    own.some((statement) => surelyDenies(statement, request)) ||
    policy.some(
      (statement) =>
        surelyDenies(statement, ofResource(request, statement)) &&
        // Who is excepted may be meant by another name: only a denial that names people counts.
        !statement.exceptPrincipals &&
        aboutPrincipal(statement, principal),
    )
  )
    return REFUSED;
  const allowing = byIdentity ? own.filter((statement) => mayAllow(statement, request)) : [];
  const granted = policy.filter(
    (statement) =>
      mayAllow(statement, ofResource(request, statement)) &&
      (statement.exceptPrincipals
        ? aboutPrincipal(statement, principal)
        : // A whole account in a resource's policy only lets the account's own policies decide.
          statement.principals.some((named) => !isAccount(named) && namesPrincipal(named, principal))),
  );
  return weakest([...(withinBoundary(principal, request) ? allowing : []), ...granted]);
}

/** Whether it names a whole account. */
export function isAccount(named: string): boolean {
  return /^\d{12}$/.test(named) || named === '«account»' || /^arn:[^:]*:iam::[^:]*:root$/.test(named);
}

/** Whom a resource's own policy lets do something besides the identities of the templates. */
export function outsiders(
  statements: readonly Statement[],
  request: Request,
): { readonly name: string; readonly condition: string }[] {
  const policy = about(statements, request.action);
  const named = new Map<string, Statement[]>();
  for (const statement of policy) {
    if (!mayAllow(statement, ofResource(request, statement))) continue;
    for (const name of statement.exceptPrincipals ? ['*'] : statement.principals)
      named.set(name, [...(named.get(name) ?? []), statement]);
  }
  return [...named]
    .filter(
      ([name]) =>
        !policy.some(
          (statement) =>
            surelyDenies(statement, ofResource(request, statement)) &&
            !statement.exceptPrincipals &&
            statement.principals.some((one) => one === '*' || one === name),
        ),
    )
    .flatMap(([name, allowing]) => {
      const access = weakest(allowing);
      return access.allowed ? [{ name, condition: access.condition }] : [];
    });
}
