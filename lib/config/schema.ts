import { z } from 'zod';
import { cidrsOverlap, isIpv4Cidr } from './cidr';

/** HIPAA 45 CFR 164.316(b)(2)(i) asks for six years; seven is what the company keeps. 2,557 is CloudWatch's value for seven years. */
export const AUDIT_RETENTION_DAYS = 2557;

/** Six years, the least that 45 CFR 164.316(b)(2)(i) allows for audit records. */
export const LEAST_AUDIT_RETENTION_DAYS = 2192;

/** The values CloudWatch Logs accepts for a log group's retention, in days. */
const LOG_RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

/** Fargate's memory choices per CPU size, in MiB. Source: AWS Fargate task definition documentation. */
const FARGATE_MEMORY_MIB: Readonly<Record<number, readonly number[]>> = {
  256: [512, 1024, 2048],
  512: [1024, 2048, 3072, 4096],
  1024: [2048, 3072, 4096, 5120, 6144, 7168, 8192],
  2048: [4096, 5120, 6144, 7168, 8192, 9216, 10240, 11264, 12288, 13312, 14336, 15360, 16384],
};

const accountId = z
  .string()
  .regex(/^\d{12}$/, 'twelve digits, for example "123456789012"')
  .describe('AWS account that holds the environment');

const region = z
  .string()
  .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'an AWS region, for example "us-east-1"')
  .describe('AWS region');

const days = z.int().positive();

const network = z.strictObject({
  cidr: z
    .string()
    .refine(isIpv4Cidr, 'a private IPv4 range between /16 and /20, for example "10.0.0.0/16"')
    .describe('Address range of the VPC'),
  natGateways: z
    .int()
    .min(1)
    .max(3)
    .default(1)
    .describe('NAT gateways, one an availability zone at most; each is paid by the hour'),
  publicIngress: z
    .array(z.string())
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
  memoryMiB: z.int().default(512).describe('Memory of an API task, in MiB'),
  minTasks: z.int().min(1).max(50).default(1).describe('Least API tasks'),
  maxTasks: z.int().min(1).max(100).default(2).describe('Most API tasks'),
  image: z
    .strictObject({
      repository: z
        .string()
        .regex(/^[a-z0-9][a-z0-9._/-]*$/, 'an ECR repository name')
        .describe('ECR repository, in the same account and region'),
      digest: z
        .string()
        .regex(/^sha256:[0-9a-f]{64}$/, '"sha256:" and 64 hexadecimal digits')
        .describe('Digest of the image'),
    })
    .optional()
    .describe('The image to run; absent, the one built from app/'),
});

const domain = z.strictObject({
  name: z
    .string()
    .regex(/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/, 'a domain name, for example "care.example.org"')
    .describe('Domain of the platform; the API answers at api.<domain>'),
  hostedZoneId: z
    .string()
    .regex(/^Z[A-Z0-9]{5,31}$/, 'a Route 53 hosted zone id, for example "Z0123456789ABCDEFGHIJ"')
    .describe('Public Route 53 zone of that domain'),
});

const release = z
  .discriminatedUnion('strategy', [
    z.strictObject({ strategy: z.literal('all-at-once') }),
    z.strictObject({
      strategy: z.literal('canary'),
      percentage: z.int().min(1).max(50).default(10),
      intervalMinutes: z.int().min(1).max(60).default(5),
    }),
    z.strictObject({
      strategy: z.literal('linear'),
      percentage: z.int().min(1).max(50).default(10),
      intervalMinutes: z.int().min(1).max(60).default(1),
    }),
  ])
  .describe('How CodeDeploy shifts traffic to a new version');

const recording = z.strictObject({
  enabled: z.boolean().default(false).describe('Whether visits may be recorded, with consent'),
  lockMode: z
    .enum(['GOVERNANCE', 'COMPLIANCE'])
    .default('GOVERNANCE')
    .describe('S3 Object Lock mode of records that must not change'),
});

const backup = z.strictObject({
  retentionDays: days.default(35).describe('Days that AWS Backup keeps a daily recovery point'),
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
        organisation: z
          .string()
          .regex(/^[a-z0-9-]{2,36}$/, 'an organisation id: 2 to 36 of a-z, 0-9 and -')
          .describe('Organisation the person joins'),
        role: z
          .enum(['LAB_TECH', 'PHARMACIST', 'MARKETER', 'SUPPORT'])
          .describe('Role the person starts with; none that administers or prescribes'),
      }),
    )
    .default([])
    .describe('Who may sign up by themselves; everyone else is invited'),
});

const environmentFields = z.strictObject({
  name: z
    .string()
    .regex(/^[a-z][a-z0-9]{1,11}$/, '2 to 12 lower-case letters and digits, starting with a letter')
    .describe('Name of the environment'),
  tier: z
    .enum(['production', 'staging', 'development', 'local'])
    .describe('What the environment is for; decides what the schema refuses'),
  account: accountId,
  region,
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
  network,
  database: database.prefault({}),
  api: api.prefault({}),
  domain: domain.optional().describe('Domain, when the platform has one here'),
  certificateArn: z
    .string()
    .regex(/^arn:aws:acm:[a-z0-9-]+:\d{12}:certificate\/.+$/, 'the ARN of an ACM certificate')
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
  alertContact: z.string().optional().describe('Runbook or rota that alarms link to'),
  retention: z
    .strictObject({
      auditDays: z
        .literal([...LOG_RETENTION_DAYS])
        .default(AUDIT_RETENTION_DAYS)
        .describe('Days that audit records are kept'),
      logDays: z
        .literal([...LOG_RETENTION_DAYS])
        .default(90)
        .describe('Days that application logs are kept'),
    })
    .prefault({}),
  removal: z
    .enum(['destroy', 'retain'])
    .default('retain')
    .describe('What happens to stateful resources when a stack is deleted'),
  approval: z.boolean().default(false).describe('Whether a person approves before the pipeline deploys here'),
  recording: recording.prefault({}),
  backup: backup.prefault({}),
  frontEnd: frontEnd.optional().describe('Front end, when it is hosted here'),
  signUp: signUp.prefault({}),
});

/** One environment as a typed file writes it: what has a default may be left out. */
export type EnvironmentInput = z.input<typeof environmentFields>;

/** One environment, resolved: every default filled in and every refusal passed. */
export type Environment = z.output<typeof environmentFields>;

/** Adds one refusal to a refinement: where, what is there, what was expected and how to mend it. */
function refuse(
  context: z.RefinementCtx,
  path: (string | number)[],
  input: unknown,
  expected: string,
  mend: string,
): void {
  context.addIssue({ code: 'custom', path, input, message: expected, params: { mend } });
}

/** The schema of one environment, with the refusals that one environment alone can show. */
export const environmentSchema = environmentFields.superRefine((e, context) => {
  if (e.database.minCapacity > e.database.maxCapacity)
    refuse(
      context,
      ['database', 'minCapacity'],
      e.database.minCapacity,
      `at most database.maxCapacity (${e.database.maxCapacity})`,
      'lower minCapacity or raise maxCapacity',
    );
  if (e.api.minTasks > e.api.maxTasks)
    refuse(
      context,
      ['api', 'minTasks'],
      e.api.minTasks,
      `at most api.maxTasks (${e.api.maxTasks})`,
      'lower minTasks or raise maxTasks',
    );
  const memory = FARGATE_MEMORY_MIB[e.api.cpu] ?? [];
  if (!memory.includes(e.api.memoryMiB))
    refuse(
      context,
      ['api', 'memoryMiB'],
      e.api.memoryMiB,
      `one of ${memory.join(', ')} for ${e.api.cpu} CPU units`,
      'choose a pair that Fargate offers',
    );
  if (e.network.natGateways > e.availabilityZones.length)
    refuse(
      context,
      ['network', 'natGateways'],
      e.network.natGateways,
      `at most one an availability zone (${e.availabilityZones.length})`,
      'lower natGateways or add availability zones',
    );
  if (e.retention.auditDays < LEAST_AUDIT_RETENTION_DAYS)
    refuse(
      context,
      ['retention', 'auditDays'],
      e.retention.auditDays,
      `at least ${LEAST_AUDIT_RETENTION_DAYS} (six years, 45 CFR 164.316(b)(2)(i))`,
      `use ${AUDIT_RETENTION_DAYS}`,
    );
  if (!e.domain && !e.certificateArn)
    refuse(
      context,
      ['certificateArn'],
      e.certificateArn,
      'a certificate for the public listener: a domain to make one for, or a certificateArn',
      'set domain or certificateArn',
    );
  e.availabilityZones.forEach((zone, index) => {
    if (!zone.startsWith(e.region))
      refuse(
        context,
        ['availabilityZones', index],
        zone,
        `a zone of ${e.region}`,
        `use for example ${e.region}a`,
      );
  });
  if (new Set(e.availabilityZones).size !== e.availabilityZones.length)
    refuse(context, ['availabilityZones'], e.availabilityZones, 'each zone once', 'remove the repeated zone');
  if (e.backup.copyRegion === e.region)
    refuse(
      context,
      ['backup', 'copyRegion'],
      e.backup.copyRegion,
      "a region other than the environment's own",
      'name another region or leave copyRegion out',
    );
  if (e.tier === 'production') refuseInProduction(e, context);
});

function refuseInProduction(e: Environment, context: z.RefinementCtx): void {
  if (e.release.strategy === 'all-at-once')
    refuse(
      context,
      ['release', 'strategy'],
      e.release.strategy,
      '"canary" or "linear" in production',
      'shift traffic in steps, so that an alarm can stop a bad version',
    );
  if (e.removal !== 'retain')
    refuse(
      context,
      ['removal'],
      e.removal,
      '"retain" in production',
      'remove the setting: "retain" is the default',
    );
  if (e.database.readers < 1)
    refuse(
      context,
      ['database', 'readers'],
      e.database.readers,
      'at least 1 in production',
      'add a reader to fail over to',
    );
  if (e.api.minTasks < 2)
    refuse(
      context,
      ['api', 'minTasks'],
      e.api.minTasks,
      'at least 2 in production',
      'run a task in more than one availability zone',
    );
  if (!e.approval)
    refuse(
      context,
      ['approval'],
      e.approval,
      'true in production',
      'let a person approve before production changes',
    );
  if (e.alarmEmails.length === 0)
    refuse(
      context,
      ['alarmEmails'],
      e.alarmEmails,
      'at least one address in production',
      'name the address of the team on call',
    );
  if (e.bakeMinutes < 5)
    refuse(
      context,
      ['bakeMinutes'],
      e.bakeMinutes,
      'at least 5 in production',
      'keep the old version ready long enough to fall back to',
    );
}

/** The schema of the pipeline: where it lives and what it follows. */
export const pipelineSchema = z.strictObject({
  account: accountId.describe('AWS account that holds the pipeline'),
  region: region.describe('Region of the pipeline'),
  repository: z
    .string()
    .regex(/^[\w.-]+\/[\w.-]+$/, '"owner/name"')
    .describe('GitHub repository'),
  branch: z.string().min(1).default('main').describe('Branch whose pushes are deployed'),
  connectionArn: z
    .string()
    .regex(
      /^arn:aws:(codeconnections|codestar-connections):[a-z0-9-]+:\d{12}:connection\/[0-9a-f-]+$/,
      'the ARN of a CodeConnection',
    )
    .describe('CodeConnection to GitHub, after its handshake'),
  owner: z.string().min(2).describe('Team that answers for the pipeline'),
  costCenter: z.string().min(2).describe('Cost centre that pays'),
  logDays: z
    .literal([...LOG_RETENTION_DAYS])
    .default(365)
    .describe('Days that build logs are kept'),
});

/** The pipeline as its typed file writes it. */
export type PipelineInput = z.input<typeof pipelineSchema>;

/** The pipeline's configuration, resolved. */
export type PipelineConfiguration = z.output<typeof pipelineSchema>;

/** Everything that one application is configured by. */
export const configurationSchema = z
  .strictObject({ environments: z.record(z.string(), environmentSchema), pipeline: pipelineSchema })
  .superRefine(({ environments }, context) => {
    const all = Object.entries(environments);
    for (const [key, e] of all)
      if (key !== e.name)
        refuse(
          context,
          ['environments', key, 'name'],
          e.name,
          `"${key}", the name it is registered under`,
          'make the two the same',
        );
    all.forEach(([key, a], index) => {
      for (const [otherKey, b] of all.slice(index + 1)) {
        if (cidrsOverlap(a.network.cidr, b.network.cidr) && a.tier !== 'local' && b.tier !== 'local')
          refuse(
            context,
            ['environments', otherKey, 'network', 'cidr'],
            b.network.cidr,
            `a range that does not overlap ${key}'s (${a.network.cidr})`,
            'choose another range, so that the VPCs can be joined one day',
          );
        const shared = a.account === b.account;
        const said = a.sharesAccountWith.includes(b.name) && b.sharesAccountWith.includes(a.name);
        if (shared && !said && (a.tier === 'production' || b.tier === 'production'))
          refuse(
            context,
            ['environments', otherKey, 'account'],
            b.account,
            `an account other than ${key}'s`,
            'give production an account of its own, or name each other in sharesAccountWith',
          );
      }
    });
  });

/** Everything configured, resolved. */
export type Configuration = z.output<typeof configurationSchema>;
