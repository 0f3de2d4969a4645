import { z } from 'zod';

/** Name of the ledger in the cloud assembly folder. */
export const LEDGER_FILE = 'hipaa-ledger.json';

/** Version of the ledger's form; raised when a reader of the old form would misread the new one. */
export const LEDGER_VERSION = 1;

const resource = z.strictObject({
  path: z.string().describe('Construct path'),
  type: z.string().describe('CloudFormation type'),
  logicalId: z.string().describe('Logical id in its template'),
  stack: z.string().describe('Construct path of its stack'),
  stage: z.string().describe('Construct path of its stage; empty for the application itself'),
  source: z
    .strictObject({ file: z.string().describe('Relative to the repository'), line: z.int() })
    .optional()
    .describe('Line that made it'),
});

const rule = z.strictObject({
  id: z.string().describe('Name of the rule, without its pack'),
  plugin: z.string().describe('Plugin of the validation report that holds it'),
  controls: z.array(z.string()).describe('Citations in 45 CFR that it serves'),
  rationale: z.string().describe('What a finding means'),
  mend: z.string().optional().describe('How to mend a finding'),
  counts: z
    .strictObject({
      compliant: z.int(),
      'non-compliant': z.int(),
      'not-applicable': z.int(),
      error: z.int(),
    })
    .describe('Evaluations by result; an error or a not-applicable is never a pass'),
});

const evaluation = z.strictObject({
  plugin: z.string(),
  rule: z.string(),
  path: z.string().describe('Construct path of the resource'),
  result: z.enum(['compliant', 'non-compliant', 'error']),
  finding: z
    .string()
    .optional()
    .describe('The one finding of a granular rule, for example LogExport::upgrade'),
  detail: z.string().optional().describe('What was found, or the error'),
  acceptedAt: z.string().optional().describe('Construct path of the acceptance that covers it'),
});

const acceptance = z.strictObject({
  path: z.string().describe('Construct path it was written for'),
  rule: z.string(),
  reason: z.string(),
  owner: z.string(),
  approvedBy: z.string(),
  ticket: z.string(),
  expires: z.string().describe('Last day it holds, YYYY-MM-DD'),
  compensatingControl: z.string(),
  covers: z
    .array(z.string())
    .describe('Construct paths of the resources it covers; empty where it is not needed'),
});

const leave = z.strictObject({
  path: z.string().describe('Construct path of the resource that it stands beside'),
  change: z.string().describe("The change, in the words of a release's guard"),
  reason: z.string(),
  owner: z.string(),
  approvedBy: z.string(),
  ticket: z.string(),
  expires: z.string().describe('Last day it holds, YYYY-MM-DD'),
});

const wildcard = z.strictObject({
  path: z.string().describe('Construct path that the reason was written for'),
  action: z.string().describe('Action that is allowed on every resource'),
  reason: z.string(),
  covers: z.array(z.string()).describe('Construct paths of the policies; empty where none needs it'),
});

const stack = z.strictObject({
  path: z.string().describe('Construct path'),
  template: z.string().describe('Template file, relative to the assembly'),
  sha256: z.string().describe('Hash of that file as the gate saw it'),
});

/**
 * The record of every evaluation of one synth. `evaluations` holds every verdict except not-applicable: each rule
 * looks at each resource, so a pair that is not listed was not applicable, and the rule's counts say how many.
 */
export const ledgerSchema = z.strictObject({
  schemaVersion: z.literal(LEDGER_VERSION),
  judgedOn: z.string().describe('Day that acceptances were judged by'),
  tools: z.record(z.string(), z.string()).describe('Versions of what evaluated'),
  stacks: z.array(stack),
  rules: z.array(rule),
  resources: z.array(resource),
  evaluations: z.array(evaluation),
  acceptances: z.array(acceptance),
  wildcards: z.array(wildcard).describe('Reasons for actions on every resource'),
  waivers: z.array(leave).describe('Leave for changes that stands beside resources'),
});

/** A resource that was looked at. */
export type Resource = z.infer<typeof resource>;
/** A rule and how often it came to which result. */
export type Rule = z.infer<typeof rule>;
/** One verdict about one resource. */
export type Evaluation = z.infer<typeof evaluation>;
/** The whole record of one synth. */
export type Ledger = z.infer<typeof ledgerSchema>;

/** Whether an evaluation is a finding: something that must be mended or accepted. */
export function isFinding(e: Evaluation): boolean {
  return e.result !== 'compliant';
}

/** A rule, with the finding of a granular one in brackets, as acceptances name it. */
export function fullRule({
  rule,
  finding,
}: {
  readonly rule: string;
  readonly finding?: string | undefined;
}): string {
  return finding === undefined ? rule : `${rule}[${finding}]`;
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The ledger as text: sorted, so that the same application gives the same bytes. */
export function renderLedger(ledger: Ledger): string {
  const key = (e: Evaluation): string => [e.plugin, e.rule, e.finding ?? '', e.path].join('\n');
  const sorted: Ledger = {
    ...ledger,
    stacks: [...ledger.stacks].sort((a, b) => byText(a.path, b.path)),
    rules: [...ledger.rules].sort((a, b) => byText(a.plugin + a.id, b.plugin + b.id)),
    resources: [...ledger.resources].sort((a, b) => byText(a.path, b.path)),
    evaluations: [...ledger.evaluations].sort((a, b) => byText(key(a), key(b))),
    acceptances: [...ledger.acceptances].sort((a, b) => byText(a.path + a.rule, b.path + b.rule)),
    wildcards: [...ledger.wildcards].sort((a, b) => byText(a.path + a.action, b.path + b.action)),
    waivers: [...ledger.waivers].sort((a, b) => byText(a.path + a.change, b.path + b.change)),
  };
  return `${JSON.stringify(sorted, undefined, 1)}\n`;
}
