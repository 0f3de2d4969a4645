import { z } from 'zod';
import { exception, leave, wildcard } from './registers';

/** Version of the report's form; raised when a reader of the old form would misread the new one. */
export const REPORT_VERSION = 1;

/** Name of the report inside an evidence folder. */
export const REPORT_FILE = 'report.json';

/** What a control can be; only `met` and `met-with-exception` say that it holds. */
export const STATUSES = [
  'met',
  'met-with-exception',
  'not-met',
  'not-assessed',
  'inherited',
  'manual-evidence-due',
] as const;

const day = z.iso.date();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const status = z.strictObject({
  status: z.enum(STATUSES),
  because: z.string().describe('Why, in a sentence'),
  findings: z.int().describe('Open findings of its rules in this environment'),
  exceptions: z.int().describe('Exceptions that its rules rest on in this environment'),
});

const control = z.strictObject({
  citation: z.string().describe('For example 164.312(a)(2)(iv)'),
  title: z.string(),
  kind: z.enum(['standard', 'specification']),
  standard: z.string().describe('Citation of the standard that it belongs to; its own for a standard'),
  designation: z
    .enum(['required', 'addressable', 'standard'])
    .describe('`standard` where the standard is implemented by its specifications'),
  responsibility: z.enum(['inherited', 'automated', 'administrative']),
  owner: z.string().describe('Role that answers for it'),
  cadence: z.string().describe('How often it is looked at, for example every release'),
  evidence: z.string().describe('What gives evidence of it, or why nothing automatic does'),
  rules: z.array(z.string()).describe('Names of the rules that serve it'),
  checks: z.array(z.string()).describe('Ids of the checks by test that serve it'),
  source: z.string().describe('Where the entry comes from'),
  statuses: z.record(z.string(), status).describe('By name of environment'),
});

const environment = z.strictObject({
  name: z.string().describe('Construct path of its stage; `pipeline` for what is outside every stage'),
  account: z.string(),
  region: z.string(),
  verdict: z.enum(['pass', 'pass-with-exceptions', 'fail']),
  resources: z.int(),
});

const rule = z.strictObject({
  id: z.string(),
  plugin: z.string(),
  controls: z.array(z.string()),
  rationale: z.string(),
  mend: z.string().optional(),
  counts: z.strictObject({
    compliant: z.int(),
    'non-compliant': z.int(),
    'not-applicable': z.int(),
    error: z.int(),
  }),
});

const resource = z.strictObject({
  path: z.string(),
  type: z.string(),
  logicalId: z.string(),
  stack: z.string(),
  environment: z.string(),
  source: z
    .strictObject({ file: z.string().describe('Relative to the repository'), line: z.int() })
    .optional(),
});

const result = z.strictObject({
  rule: z.string(),
  resource: z.string().describe('Path of the resource'),
  result: z.enum(['compliant', 'non-compliant', 'error']),
});

const finding = z.strictObject({
  id: z.string().describe('Stable across synths: the same rule, resource and part give the same id'),
  rule: z.string(),
  part: z.string().optional().describe('The one finding of a granular rule'),
  resource: z.string().describe('Path of the resource'),
  environment: z.string(),
  state: z.enum(['open', 'accepted', 'error']),
  detail: z.string(),
  exception: z.string().optional().describe('Id of the exception that covers it'),
});

const reader = z.strictObject({
  name: z.string().describe('Construct path of the role, user or group; for others what a policy calls them'),
  how: z.string(),
  condition: z
    .string()
    .optional()
    .describe('Under which conditions of the policies; absent where there is none'),
  assumedBy: z.array(z.string()).describe('Who may become it, as its trust policy says'),
});

const phi = z.strictObject({
  columns: z.array(z.strictObject({ table: z.string(), column: z.string(), classification: z.string() })),
  stores: z.array(
    z.strictObject({
      path: z.string(),
      name: z.string().describe('Its written name, or its logical id'),
      environment: z.string(),
      type: z.string(),
      classification: z.string(),
      key: z.string().describe('Path of its key; `none` where it has no customer key'),
      rotation: z.string(),
      retention: z.string(),
      backup: z.string(),
      readers: z.array(reader).describe('Who can come to what it holds; what is not known counts as can'),
      decryptors: z.array(reader).describe('Who can use its key to decrypt, or let themselves'),
    }),
  ),
  flows: z.array(
    z.strictObject({
      environment: z.string(),
      from: z.string(),
      to: z.string(),
      protection: z.string().describe('How it is encrypted on the way'),
      encrypted: z.boolean(),
    }),
  ),
  services: z.strictObject({
    listDated: day.describe('Date of the list of HIPAA-eligible services'),
    source: z.string(),
    used: z.array(
      z.strictObject({
        service: z.string(),
        standing: z.enum(['eligible', 'holds no health data', 'not listed']),
        types: z.array(z.string()),
      }),
    ),
  }),
});

const manual = z.strictObject({
  id: z.string(),
  controls: z.array(z.string()),
  title: z.string(),
  owner: z.string(),
  done: day.optional(),
  due: day,
  link: z.string(),
  overdue: z.boolean(),
});

const check = z.strictObject({
  id: z.string(),
  result: z.enum(['passed', 'failed', 'left-out']).describe('left-out: this run of the tests did not ask it'),
});

const operational = z.strictObject({
  kind: z.string().describe('For example tests, sbom, migrations, releases, restore-drill'),
  title: z.string(),
  state: z
    .enum(['present', 'stale', 'absent'])
    .describe('stale: it is there, of other sources or too old, and shows nothing'),
  summary: z.string(),
  file: z.string().optional().describe('File in the evidence folder'),
});

const change = z.strictObject({
  kind: z.enum([
    'new',
    'fixed',
    'newly-accepted',
    'expired',
    'broadened-access',
    'replaced-stateful',
    'changed-retention',
    'status',
  ]),
  environment: z.string(),
  subject: z.string().describe('Citation, rule, finding or path that it is about'),
  text: z.string(),
});

const diff = z.strictObject({
  from: z.string().describe('Release or commit that is compared with'),
  changes: z.array(change),
});

/**
 * The whole report: everything that the page and every other form show. It holds no machine path and no time but days
 * and what was handed in, so that the same input gives the same bytes.
 */
export const reportSchema = z.strictObject({
  schemaVersion: z.literal(REPORT_VERSION),
  catalogueVersion: z.string(),
  system: z.string(),
  version: z.string().describe('Version of the release'),
  commit: z.string().describe('Commit, or `unknown`'),
  dirty: z.boolean().describe('Whether the working tree held more than the commit'),
  judgedOn: day,
  execution: z.strictObject({ id: z.string(), approver: z.string().optional() }).optional(),
  tools: z.record(z.string(), z.string()),
  verdict: z.enum(['pass', 'pass-with-exceptions', 'fail']),
  environments: z.array(environment),
  controls: z.array(control),
  rules: z.array(rule),
  resources: z.array(resource),
  results: z.array(result).describe('Every verdict about every resource, but not-applicable'),
  findings: z.array(finding),
  exceptions: z.array(exception),
  wildcards: z.array(wildcard).default([]).describe('Reasons for actions that are allowed on every resource'),
  waivers: z
    .array(leave)
    .default([])
    .describe('Leave for changes of resources that stands; whether a change is still to come no synth knows'),
  phi,
  manual: z.array(manual),
  checks: z
    .array(check)
    .default([])
    .describe('How each check by test ended; those of which nothing is known are not there'),
  operational: z.array(operational),
  templates: z.array(
    z.strictObject({
      path: z.string().describe('Construct path of the stack'),
      file: z.string().describe('In the evidence'),
      from: z.string().default('').describe('In the cloud assembly'),
      sha256,
    }),
  ),
  assets: z
    .array(
      z.strictObject({
        path: z.string().describe('In the cloud assembly'),
        sha256: sha256.describe('Of the names and SHA-256 of its files'),
      }),
    )
    .default([])
    .describe('Files that are deployed beside the templates: code of functions, migrations'),
  diff: diff.optional(),
  limits: z.array(z.string()).describe('What the report does not prove, in sentences'),
});

/** The whole report. */
export type Report = z.infer<typeof reportSchema>;
/** One standard or implementation specification with its status in every environment. */
export type Control = z.infer<typeof control>;
/** What a control's status can be. */
export type Status = (typeof STATUSES)[number];
/** One thing that a rule found. */
export type Finding = z.infer<typeof finding>;
/** One change since an earlier report. */
export type Change = z.infer<typeof change>;
/** What changed since an earlier report. */
export type Diff = z.infer<typeof diff>;
/** What an item of manual evidence says. */
export type ManualEvidence = z.infer<typeof manual>;
/** The map of protected health information. */
export type PhiMap = z.infer<typeof phi>;
