import { z } from 'zod';
import { isIpv4Cidr } from './cidr';
import { loadSmoke, release } from './release-schema';

/** Seven years, what the company keeps. 2,557 is the value that CloudWatch Logs has for it. */
export const AUDIT_RETENTION_DAYS = 2557;

/** The values CloudWatch Logs accepts for a log group's retention, in days. Source: PutRetentionPolicy, API reference. */
const LOG_RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

/** What an environment can be for, in the order that a change passes through them. */
export const TIERS = ['development', 'staging', 'production', 'local'] as const;

/** Most requests of one address in five minutes that the web firewall lets through; the company's figure. */
export const REQUESTS_PER_FIVE_MINUTES = 2000;

/** The tiers that the pipeline deploys; the others are deployed from a laptop, and only from there. */
export const DEPLOYED_BY_PIPELINE: ReadonlySet<(typeof TIERS)[number]> = new Set(['staging', 'production']);

/** A text of one form; the words say what is expected when it is missing, of another type or of another form. */
const text = (pattern: RegExp, expected: string): z.ZodString => z.string(expected).regex(pattern, expected);

const accountId = text(/^\d{12}$/, 'twelve digits in quotes, for example "123456789012"');
const region = text(/^[a-z]{2}(-[a-z]+)+-\d$/, 'an AWS region, for example "us-east-1"');
const retentionDays = z.literal([...LOG_RETENTION_DAYS]);

const network = z.strictObject({
  cidr: z
    .string('a private IPv4 range between /16 and /20, for example "10.0.0.0/16"')
    .refine(isIpv4Cidr, 'a private IPv4 range between /16 and /20, for example "10.0.0.0/16"')
    .describe('Address range of the VPC'),
  natGateways: z
    .int()
    .min(1)
    .max(3)
    .default(1)
    .describe('NAT gateways, one an availability zone at most; each is paid by the hour'),
  publicIngress: z
    .array(text(/^\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/, 'an IPv4 range, for example "203.0.113.0/24"'))
    .min(1)
    .default(['0.0.0.0/0'])
    .describe('IPv4 ranges that may reach the public listeners'),
});

const database = z.strictObject({
  minCapacity: z
    .number()
    .min(0.5)
    .max(128)
    .multipleOf(0.5)
    .default(0.5)
    .describe('Least Aurora capacity, in ACU'),
  maxCapacity: z.number().min(1).max(128).multipleOf(0.5).default(2).describe('Most Aurora capacity, in ACU'),
  readers: z.int().min(0).max(2).default(0).describe('Aurora readers beside the writer'),
  backupRetentionDays: z
    .int()
    .min(1)
    .max(35)
    .default(7)
    .describe('Days of point-in-time recovery of the database'),
});

const api = z.strictObject({
  cpu: z.literal([256, 512, 1024, 2048]).default(256).describe('CPU units of an API task; 1024 is one vCPU'),
  memoryMiB: z.int().positive().default(512).describe('Memory of an API task, in MiB'),
  minTasks: z.int().min(1).max(50).default(1).describe('Least API tasks'),
  maxTasks: z.int().min(1).max(100).default(2).describe('Most API tasks'),
  image: z
    .strictObject({
      repository: text(/^[a-z0-9][a-z0-9._/-]*$/, 'an ECR repository name').describe(
        'ECR repository, in the same account and region',
      ),
      digest: text(/^sha256:[0-9a-f]{64}$/, '"sha256:" and 64 hexadecimal digits').describe(
        'Digest of the image',
      ),
    })
    .optional()
    .describe('The image to run; absent, the one built from app/'),
});

const domain = z.strictObject({
  name: text(
    /^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/,
    'a domain name, for example "care.example.org"',
  ).describe('Domain of the platform; the API answers at api.<domain>'),
  hostedZoneId: text(
    /^Z[A-Z0-9]{5,31}$/,
    'a Route 53 hosted zone id, for example "Z0123456789ABCDEFGHIJ"',
  ).describe('Public Route 53 zone of that domain'),
  authCertificateArn: text(
    /^arn:aws:acm:us-east-1:\d{12}:certificate\/.+$/,
    'the ARN of an ACM certificate in us-east-1',
  )
    .optional()
    .describe('Certificate of auth.<domain>; absent, one is made, which the region us-east-1 alone can do'),
});

const recording = z.strictObject({
  enabled: z.boolean().default(false).describe('Whether visits may be recorded, with consent'),
  lockMode: z
    .enum(['GOVERNANCE', 'COMPLIANCE'])
    .default('GOVERNANCE')
    .describe('S3 Object Lock mode of records that must not change'),
});

const backup = z.strictObject({
  retentionDays: z.int().positive().default(35).describe('Days that AWS Backup keeps a daily recovery point'),
  copyRegion: region.optional().describe('Second region that recovery points are copied to; absent, none'),
  restoreTesting: z.boolean().default(false).describe('Whether AWS Backup rehearses a restore every month'),
});

const frontEnd = z.strictObject({
  repository: z.url().describe('Git repository of the Next.js front end, hosted on Amplify'),
  branch: z.string().min(1).default('main').describe('Branch that is deployed'),
});

const signUp = z.strictObject({
  domains: z
    .array(
      z.strictObject({
        emailDomain: z.string().min(3).describe('Domain of the address, after the @'),
        organisation: text(/^[a-z0-9-]{2,36}$/, 'an organisation id: 2 to 36 of a-z, 0-9 and -').describe(
          'Organisation the person joins',
        ),
        role: z
          .enum(['LAB_TECH', 'PHARMACIST', 'MARKETER', 'SUPPORT'])
          .describe('Role the person starts with; none that administers or prescribes'),
      }),
    )
    .default([])
    .describe('Who may sign up by themselves; everyone else is invited'),
});

const retention = z.strictObject({
  auditDays: retentionDays.default(AUDIT_RETENTION_DAYS).describe('Days that audit records are kept'),
  logDays: retentionDays.default(90).describe('Days that application logs are kept'),
});

/** The form of one environment; what it must not say is in refusals.ts. */
export const environmentSchema = z.strictObject({
  name: text(
    /^[a-z][a-z0-9]{1,11}$/,
    '2 to 12 lower-case letters and digits, starting with a letter',
  ).describe('Name of the environment'),
  tier: z.enum(TIERS).describe('What the environment is for; decides who deploys it and what is refused'),
  account: accountId.describe('AWS account that holds the environment'),
  region: region.describe('AWS region that holds the environment'),
  availabilityZones: z
    .array(z.string())
    .min(2)
    .max(3)
    .describe('Availability zones; named here so that synth looks nothing up'),
  owner: z.string().min(2).describe('Team that answers for the environment'),
  costCenter: z.string().min(2).describe('Cost centre that pays'),
  sharesAccountWith: z
    .array(z.string())
    .default([])
    .describe('Environments that may live in the same account; said on purpose'),
  network: network.describe('The VPC'),
  database: database.prefault({}).describe('The Aurora PostgreSQL cluster'),
  api: api.prefault({}).describe('The API and its tasks'),
  domain: domain.optional().describe('Domain, when the platform has one here'),
  certificateArn: text(/^arn:aws:acm:[a-z0-9-]+:\d{12}:certificate\/.+$/, 'the ARN of an ACM certificate')
    .optional()
    .describe('Certificate of the public listener; absent, one is made for the domain'),
  release,
  bakeMinutes: z
    .int()
    .min(0)
    .max(2880)
    .default(5)
    .describe('Minutes the old version stays ready after a shift'),
  alarmEmails: z.array(z.email()).default([]).describe('Addresses that alarms are sent to'),
  retention: retention.prefault({}).describe('How long records are kept'),
  removal: z
    .enum(['destroy', 'retain'])
    .default('retain')
    .describe('What happens to stateful resources when a stack is deleted'),
  approval: z.boolean().default(false).describe('Whether a person approves before the pipeline deploys here'),
  loadSmoke: loadSmoke.prefault({}).describe('The load that a release is tried with'),
  recording: recording.prefault({}).describe('Recording of visits'),
  backup: backup.prefault({}).describe('AWS Backup'),
  frontEnd: frontEnd.optional().describe('Front end, when it is hosted here'),
  signUp: signUp.prefault({}).describe('Who may sign up'),
});

/** One environment as a typed file writes it: what has a default may be left out. */
export type EnvironmentInput = z.input<typeof environmentSchema>;

/** One environment, resolved: every default is filled in. */
export type Environment = z.output<typeof environmentSchema>;

const officers = z.strictObject({
  samlProvider: text(/^arn:aws:iam::\d{12}:saml-provider\/.+$/, 'the ARN of a SAML provider in IAM')
    .optional()
    .describe('Identity provider whose officers may take the role; it asks them for a second factor'),
  principals: z
    .array(text(/^arn:aws:iam::\d{12}:(user|role)\/.+$/, 'the ARN of a user or role'))
    .default([])
    .describe('Users and roles that may take the role with a second factor'),
});

const evidence = z.strictObject({
  lock: z
    .enum(['COMPLIANCE', 'GOVERNANCE'])
    .default('COMPLIANCE')
    .describe(
      'Object Lock: COMPLIANCE nobody ends early; GOVERNANCE for trying it out in an account that is to go',
    ),
  years: z
    .int()
    .min(6)
    .max(30)
    .default(6)
    .describe('Years that evidence is locked; 164.316(b)(2)(i) asks for six'),
  officers: officers.prefault({}).describe('Who may read it as a compliance officer'),
});

/** The form of the pipeline: where it lives and what it follows. */
export const pipelineSchema = z.strictObject({
  account: accountId.describe('AWS account that holds the pipeline'),
  region: region.describe('AWS region that holds the pipeline'),
  repository: text(/^[\w.-]+\/[\w.-]+$/, 'owner and name, for example "example-org/platform"').describe(
    'GitHub repository',
  ),
  branch: z.string().min(1).default('main').describe('Branch whose pushes are deployed'),
  connectionArn: text(
    /^arn:aws:(codeconnections|codestar-connections):[a-z0-9-]+:\d{12}:connection\/[0-9a-f-]+$/,
    'the ARN of a CodeConnection',
  ).describe('CodeConnection to GitHub, after its handshake'),
  owner: z.string().min(2).describe('Team that answers for the pipeline'),
  costCenter: z.string().min(2).describe('Cost centre that pays'),
  logDays: retentionDays.default(365).describe('Days that build and access logs are kept'),
  notices: z
    .array(z.email())
    .default([])
    .describe('Addresses that are told of a failed execution and of an approval that waits'),
  evidence: evidence.prefault({}).describe('Where the evidence of releases is kept'),
});

/** The pipeline as its typed file writes it. */
export type PipelineInput = z.input<typeof pipelineSchema>;

/** The pipeline's configuration, resolved. */
export type PipelineConfiguration = z.output<typeof pipelineSchema>;

/** Everything that one application is configured by. */
export interface Configuration {
  /** The environments by name. */
  readonly environments: Readonly<Record<string, Environment>>;
  /** The pipeline that deploys staging and production. */
  readonly pipeline: PipelineConfiguration;
}
