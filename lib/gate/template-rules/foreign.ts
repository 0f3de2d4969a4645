import { Stack, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { LOG_DELIVERY } from '../../release/guard/log-delivery';
import { choices, show } from '../../release/guard/values';
import { once } from '../estate/once';
import { ACCESS } from './controls';
import { pinsIn } from './pins';
import { RESOURCE_POLICIES, resourcePolicies } from './policies';
import { failure, type Subject, type TemplateRule, type Verdict } from './rule';
import { type Statement, statements } from './statements';

const PERMISSION = 'AWS::Lambda::Permission';
const LOGS: ReadonlySet<string> = new Set(Object.values(LOG_DELIVERY));
/** What names somebody without an account to compare: a canonical user of S3, an id of IAM. */
const NAMELESS = /^(?:[0-9a-f]{64}|A[A-Z0-9]{15,})$/;

/** The accounts that an application's stacks are deployed to: its environments' and its pipeline's. */
const accountsIn = once(
  (root: IConstruct): ReadonlySet<string> =>
    new Set(
      root.node
        .findAll()
        .filter((one) => Stack.isStack(one))
        .map(({ account }) => account)
        .filter((account) => !Token.isUnresolved(account)),
    ),
);

/** The account that a value names, or what names somebody without one; undefined where it names none. */
function strangerIn(value: unknown, own: ReadonlySet<string>): string | undefined {
  const text = show(value);
  if (NAMELESS.test(text)) return text;
  const account = text.startsWith('arn:') ? text.replace(/\$\{[^}]*\}/g, 'x').split(':')[4] : text;
  return account !== undefined && /^\d{12}$/.test(account) && !own.has(account) ? account : undefined;
}

function strangersIn(values: unknown, own: ReadonlySet<string>): readonly string[] {
  return choices(values)
    .map((value) => strangerIn(value, own))
    .filter((one) => one !== undefined);
}

/** Strangers that a statement lets in, by its principals or by every condition that names whose the caller is. */
function strangersOf(statement: Statement, own: ReadonlySet<string>): readonly string[] {
  const { effect, actions, principals, condition } = statement;
  if (effect === 'Deny') return [];
  const writesLogs = actions.length > 0 && actions.every((action) => action === 's3:PutObject');
  const named = strangersIn(principals, own).filter((account) => !(writesLogs && LOGS.has(account)));
  const pinned = pinsIn(condition).map((values) => strangersIn(values, own));
  return [...named, ...(pinned.every((strangers) => strangers.length > 0) ? pinned.flat() : [])];
}

function ownAccountsOnly({ resource, properties, construct }: Subject): Verdict {
  const own = accountsIn(construct.node.root);
  const policies = resourcePolicies(resource);
  if (resource.Type !== PERMISSION && policies.length === 0) return 'not-applicable';
  const [stranger] = [
    ...policies.flatMap(({ document }) => statements(document).flatMap((one) => strangersOf(one, own))),
    ...[properties['SourceArn'], properties['SourceAccount']].flatMap((source) => strangersIn(source, own)),
  ];
  return stranger === undefined
    ? 'compliant'
    : failure(policies[0]?.location ?? 'Properties', stranger, "the accounts of the application's stacks");
}

/** The rule that nobody outside the application's accounts is let in. */
export const foreignRules: readonly TemplateRule[] = [
  {
    id: 'TemplateNoForeignAccount',
    controls: [...ACCESS, '164.308(b)(1)'],
    rationale:
      'Whom another account lets in, its owner decides: no rule here sees that, and no agreement is shown that covers it.',
    mend: "name roles of the application's own accounts; accept the account of a business associate in writing",
    types: [...RESOURCE_POLICIES, PERMISSION],
    check: ownAccountsOnly,
  },
];
