import { z } from 'zod';

/** A number written as text, as environment variables are. */
const number = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d+(\.\d+)?$/, 'a number')
    .transform(Number)
    .pipe(z.number().min(least).max(most));

const httpsUrl = z.url({ protocol: /^https$/, error: 'an https:// URL' });

/** What the API reads from its environment. The task definition is typed by this schema's input. */
const apiEnvironment = z.object({
  /** Port to listen on. */
  PORT: number(0, 65535).default(3000),
  /** Address to listen on; every one in a task, the loopback one on a person's machine. */
  HOST: z.string().default('0.0.0.0'),
  /** Version that `/version` tells. */
  VERSION: z.string().max(64).default('0.0.0-development'),
  /** Commit that `/version` tells. */
  COMMIT: z.string().max(64).default('unknown'),
  /** Least level that is logged. */
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),

  /** Region of the user pool and the database. */
  AWS_REGION: z.string().min(1),
  /** User pool whose access tokens are accepted. */
  USER_POOL_ID: z.string().regex(/^[\w-]+_[0-9a-zA-Z]+$/, 'a user pool id'),
  /** App clients whose access tokens are accepted, separated by commas. */
  USER_POOL_CLIENT_IDS: z
    .string()
    .transform((list) => list.split(',').map((id) => id.trim()))
    .pipe(z.array(z.string().min(1, 'client ids separated by commas')).min(1)),

  /** Host name of the database's writer. */
  DATABASE_HOST: z.string().min(1),
  /** Port of the database. */
  DATABASE_PORT: number(1, 65535).default(5432),
  /** Name of the database. */
  DATABASE_NAME: z.string().min(1),
  /** Role to sign in as, by an IAM token. */
  DATABASE_USER: z.string().min(1),
  /** Most connections of one task. Aurora's limit is shared by all tasks. */
  DATABASE_POOL_SIZE: number(1, 100).default(10),
  /** Longest that a readiness check waits for the database, in seconds; less than the load balancer's timeout. */
  DATABASE_DEADLINE_SECONDS: number(0.05, 30).default(2),

  /** Seconds after SIGTERM in which requests are still taken, while the load balancer learns that the task leaves. */
  DRAIN_NOTICE_SECONDS: number(0, 60).default(5),
  /** Seconds after SIGTERM by which the process has ended; less than the deregistration delay and the stop timeout. */
  DRAIN_SECONDS: number(0.1, 120).default(25),

  /** Where Cognito answers, if not at AWS's own address; the AWS SDKs read the same variables. */
  AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: httpsUrl.optional(),
  /** Where all of AWS answers, if not at its own addresses. */
  AWS_ENDPOINT_URL: httpsUrl.optional(),
  /** File of certificate authorities to trust beside the usual ones; Node reads it too. */
  NODE_EXTRA_CA_CERTS: z.string().min(1).optional(),
});

/** The environment as a task definition writes it: every value is text. */
export type ApiEnvironmentInput = z.input<typeof apiEnvironment>;

/** The environment as the API uses it. */
export type ApiEnvironment = z.output<typeof apiEnvironment>;

/**
 * Reads the environment, or throws one error that names each variable that is missing or wrong. Values are
 * not repeated: one of them may be a secret that was put in the wrong place.
 */
export function readEnvironment(variables: Readonly<Record<string, string | undefined>>): ApiEnvironment {
  const parsed = apiEnvironment.safeParse(variables);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`The API cannot start with this environment:\n${lines.join('\n')}`);
}
