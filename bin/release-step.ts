import { STSClient } from '@aws-sdk/client-sts';
import * as z from 'zod';
import { assumedRole } from '../lib/migrations/remote/role';
import { releaseClients } from '../lib/release/aws/clients';
import { compatibilityOf } from '../lib/release/compatibility';
import { Refused } from '../lib/release/errors';
import { release } from '../lib/release/release';
import { EXIT, type Result } from '../lib/release/result';
import { rollback } from '../lib/release/rollback';
import { keepFiles } from './release/artifacts';
import { CLOCK, fail, print, readVariables, stopSignal } from './release/tool';

// What the pipeline's release steps, and its action that goes back, run: bundled by `npm run build`. It reads nothing but these variables, and leaves what
// it did in the folder `release`; the word in `release/outcome` is exported as the step's variable.
/** Goes back to what the live version replaced; a variable of a pipeline cannot be empty. */
const PREVIOUS = 'previous';

const variables = z.object({
  ACTION: z.enum(['release', 'rollback']).default('release'),
  ENVIRONMENT: z.string().min(1),
  REGION: z.string().min(1),
  ROLE_ARN: z.string().startsWith('arn:'),
  MIGRATION_ROLE_ARN: z.string().startsWith('arn:').optional(),
  APP_STACK: z.string().min(1),
  DATA_STACK: z.string().default(''),
  TO: z
    .string()
    .regex(/^(previous|[\w-]+:\d+)$/)
    .default(PREVIOUS),
  EXECUTION: z.string().min(1),
  APPROVER: z.string().default(''),
  COMMITTED_AT: z.string().default(''),
  MIGRATIONS: z.string().default(''),
});

async function main(): Promise<void> {
  const told = readVariables(variables);
  const { ENVIRONMENT, ACTION, REGION, EXECUTION } = told;
  const result = ACTION === 'release' ? await releaseNow(told) : await rollbackNow(told);
  keepFiles('release', { 'result.json': result, outcome: result.outcome });
  print(`${ACTION} in ${ENVIRONMENT} (${REGION}, ${EXECUTION}): ${result.outcome}. ${result.words}`);
  process.exitCode = EXIT[result.outcome];
}

type Variables = z.output<typeof variables>;

function toolsOf({ REGION, ROLE_ARN, EXECUTION, APP_STACK, ENVIRONMENT, APPROVER }: Variables) {
  const credentials = assumedRole(new STSClient({ region: REGION }), ROLE_ARN, `release-${EXECUTION}`);
  const access = { region: REGION, credentials };
  return {
    access,
    common: {
      clients: releaseClients(access),
      ...{ clock: CLOCK, progress: print, signal: stopSignal() },
      ...{ stack: APP_STACK, environment: ENVIRONMENT, by: `pipeline execution ${EXECUTION}` },
      ...(APPROVER !== '' && { approver: APPROVER }),
    },
  };
}

function releaseNow(told: Variables): Promise<Result> {
  const { MIGRATIONS, COMMITTED_AT } = told;
  return release({
    ...toolsOf(told).common,
    migrations: MIGRATIONS.split(',').filter((title) => title !== ''),
    ...(!Number.isNaN(Date.parse(COMMITTED_AT)) && { committedAt: COMMITTED_AT }),
  });
}

function rollbackNow(told: Variables): Promise<Result> {
  const { DATA_STACK, MIGRATION_ROLE_ARN, REGION, EXECUTION, TO } = told;
  if (DATA_STACK === '' || MIGRATION_ROLE_ARN === undefined)
    throw new Refused('A rollback needs the variables DATA_STACK and MIGRATION_ROLE_ARN.');
  // The database is asked as the one who may call its function, which who releases may not.
  const credentials = assumedRole(
    new STSClient({ region: REGION }),
    MIGRATION_ROLE_ARN,
    `rollback-${EXECUTION}`,
  );
  const account = MIGRATION_ROLE_ARN.split(':')[4] ?? '';
  const access = { region: REGION, credentials };
  const asked = { account, stack: DATA_STACK, access, clock: CLOCK, progress: print };
  return rollback({
    ...toolsOf(told).common,
    compatibility: compatibilityOf(asked),
    ...(TO !== PREVIOUS && { to: TO }),
  });
}

main().catch(fail);
