import { App, Stack, Stage, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { aYearAfter, isDay } from '../shared/days';
import { pathInStage, type RecordedAcceptance } from './acceptance';
import { type Evaluation, fullRule } from './ledger';
import { baseRule, isTemplateRule, qualifiedId } from './rule-ids';

/**
 * The rules of cdk-nag that have a legitimate exception on this architecture; every other finding of the pack is mended.
 */
export const EXCEPTABLE_HIPAA_RULES: readonly string[] = [
  'APIGWCacheEnabledAndEncrypted',
  'CodeBuildProjectSourceRepoUrl',
  'ELBv2ACMCertificateRequired',
  'LambdaInsideVPC',
  'RDSInBackupPlan',
  'S3BucketLoggingEnabled',
  'S3BucketReplicationEnabled',
  'S3DefaultEncryptionKMS',
  'VPCNoUnrestrictedRouteToIGW',
];

const LEAST_REASON = 40;
const LEAST_CONTROL = 20;

/** One thing that is wrong with an acceptance, leave for a change or a reason for a wildcard. */
export interface AcceptanceProblem {
  /** Construct path that it was written for. */
  readonly path: string;
  /** Short name of what is wrong, for example `AcceptanceExpired`. */
  readonly name: string;
  /** One sentence: path, rule, value, expected. */
  readonly message: string;
  /** How to mend it. */
  readonly mend: string;
}

/** What the checks know besides the acceptances. */
export interface AcceptanceContext {
  /** Day that expiry is judged by, `YYYY-MM-DD`. */
  readonly today: string;
  /** Names of every rule that exists. */
  readonly rules: ReadonlySet<string>;
  /** Whether every environment is in this synth; a part of them cannot show that an acceptance is stale. */
  readonly whole: boolean;
}

/** Whether the finding is one that the acceptance names, at its construct or anywhere under it. */
function names({ rule, scope }: RecordedAcceptance, finding: Evaluation): boolean {
  const path = scope.node.path;
  return (
    fullRule(finding) === rule &&
    (finding.path === path || path === '' || finding.path.startsWith(`${path}/`))
  );
}

/** The findings that CDK would suppress by the acceptance. */
export function coveredBy(acceptance: RecordedAcceptance, findings: readonly Evaluation[]): Evaluation[] {
  return findings.filter((finding) => names(acceptance, finding));
}

type Complaint = readonly [name: string, value: string, expected: string, mend: string];

function complaintsOfText(acceptance: RecordedAcceptance): Complaint[] {
  const { reason, owner, approvedBy, ticket, compensatingControl } = acceptance;
  const complaints: Complaint[] = [];
  const shorter = (field: string, text: string, least: number): void => {
    if (text.trim().length < least)
      complaints.push([
        'AcceptanceUnexplained',
        `${field} "${text}"`,
        `at least ${least} characters`,
        `write a sentence that an auditor can judge`,
      ]);
  };
  shorter('reason', reason, LEAST_REASON);
  shorter('compensatingControl', compensatingControl, LEAST_CONTROL);
  for (const [field, text] of Object.entries({ owner, approvedBy }))
    if (text.trim() === '')
      complaints.push([
        'AcceptanceUnowned',
        `${field} "${text}"`,
        'a team or role',
        'name who answers for it',
      ]);
  if (owner.trim() !== '' && owner.trim().toLowerCase() === approvedBy.trim().toLowerCase())
    complaints.push([
      'AcceptanceUnowned',
      `approvedBy "${approvedBy}"`,
      'someone other than the owner',
      'let another role approve it',
    ]);
  if (!/^[A-Z][A-Z0-9]+-\d+$/.test(ticket))
    complaints.push([
      'AcceptanceWithoutTicket',
      `ticket "${ticket}"`,
      'a ticket such as HIPAA-12',
      'name the ticket of the approval',
    ]);
  return complaints;
}

function complaintsOfDate({ expires, owner }: RecordedAcceptance, today: string): Complaint[] {
  const written = `expires "${expires}"`;
  if (!isDay(expires))
    return [['AcceptanceUndated', written, 'a day as YYYY-MM-DD', 'write the last day it holds']];
  if (expires < today)
    return [
      [
        'AcceptanceExpired',
        written,
        `${today} or later`,
        `${owner} answers for it: mend the finding, or have the exception approved anew`,
      ],
    ];
  if (expires > aYearAfter(today))
    return [
      [
        'AcceptanceTooLong',
        written,
        `${aYearAfter(today)} or earlier`,
        'have it approved for at most one year',
      ],
    ];
  return [];
}

function complaintsOfRule(acceptance: RecordedAcceptance, rules: ReadonlySet<string>): Complaint[] {
  const rule = baseRule(acceptance.rule);
  if (!rules.has(rule))
    return [
      [
        'AcceptanceUnknownRule',
        `rule "${acceptance.rule}"`,
        'the name of a rule that exists',
        'write it as the report does, without its pack',
      ],
    ];
  if (!isTemplateRule(rule) && !EXCEPTABLE_HIPAA_RULES.includes(rule))
    return [
      [
        'AcceptanceNotAllowed',
        `rule "${acceptance.rule}"`,
        `one of ${EXCEPTABLE_HIPAA_RULES.join(', ')}`,
        'mend the finding; it has no legitimate exception here',
      ],
    ];
  return [];
}

/** The construct's own resources: itself, or the resources it makes without a construct in between. */
function isOwn(scope: IConstruct, path: string): boolean {
  return path === scope.node.path || scope.node.children.some((child) => child.node.path === path);
}

function complaintsOfScope({ scope }: RecordedAcceptance, covered: readonly Evaluation[]): Complaint[] {
  const mend = 'accept it on the resource, or on the construct directly around it';
  const kind = App.isApp(scope)
    ? 'the application'
    : Stage.isStage(scope)
      ? 'a stage'
      : Stack.isStack(scope)
        ? 'a stack'
        : undefined;
  if (kind !== undefined)
    return [
      ['AcceptanceOverBroad', `scope is ${kind}`, 'a resource or the construct directly around it', mend],
    ];
  const deeper = covered.find(({ path }) => !isOwn(scope, path));
  return deeper
    ? [
        [
          'AcceptanceOverBroad',
          `scope also covers ${deeper.path}`,
          "the construct's own resources only",
          mend,
        ],
      ]
    : [];
}

/** An acceptance's place that is the same in every environment. */
function placeInEnvironment({ rule, scope }: RecordedAcceptance): string {
  return `${rule}\n${pathInStage(scope)}`;
}

/** Everything that is wrong with the acceptances, all at once. */
export function checkAcceptances(
  acceptances: readonly RecordedAcceptance[],
  findings: readonly Evaluation[],
  context: AcceptanceContext,
): AcceptanceProblem[] {
  const covered = new Map(acceptances.map((a) => [a, coveredBy(a, findings)]));
  const needed = new Set(acceptances.filter((a) => covered.get(a)?.length).map(placeInEnvironment));
  const seen = new Set<string>();
  return acceptances.flatMap((acceptance) => {
    const path = acceptance.scope.node.path;
    const complaints = [
      ...complaintsOfRule(acceptance, context.rules),
      ...complaintsOfText(acceptance),
      ...complaintsOfDate(acceptance, context.today),
      ...complaintsOfScope(acceptance, covered.get(acceptance) ?? []),
    ];
    const known = context.rules.has(baseRule(acceptance.rule));
    if (context.whole && known && !needed.has(placeInEnvironment(acceptance)))
      complaints.push([
        'AcceptanceStale',
        'no finding in any environment',
        'a finding that it excepts',
        'remove the acceptance',
      ]);
    const twice = seen.has(`${acceptance.rule}\n${path}`);
    seen.add(`${acceptance.rule}\n${path}`);
    if (twice)
      complaints.push(['AcceptanceTwice', 'accepted twice', 'one acceptance', 'remove one of the two']);
    return complaints.map(([name, value, expected, mend]) => ({
      path,
      name,
      message: `${path || '(the application)'}, acceptance of ${acceptance.rule}: ${value}, expected ${expected}.`,
      mend,
    }));
  });
}

/** Acknowledgements of the gate's findings that did not come through `accept`. */
export function rawAcknowledgements(
  root: IConstruct,
  acceptances: readonly RecordedAcceptance[],
): AcceptanceProblem[] {
  const written = new Set(acceptances.map(({ rule, scope }) => `${qualifiedId(rule)}\n${scope.node.path}`));
  return root.node.findAll().flatMap(({ node }) =>
    node.metadata
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) => Object.keys(data as Readonly<Record<string, string>>))
      .filter((id) => id.includes('HIPAA.') && !written.has(`${id}\n${node.path}`))
      .map((id) => ({
        path: node.path,
        name: 'AcceptanceRaw',
        message: `${node.path || '(the application)'}: acknowledges ${id} without owner, approver, ticket or expiry, expected accept().`,
        mend: 'use accept() of lib/gate',
      })),
  );
}
