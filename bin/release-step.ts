import { CodePipelineClient } from '@aws-sdk/client-codepipeline';
import { STSClient } from '@aws-sdk/client-sts';
import * as z from 'zod';
import { assumedRole } from '../lib/migrations/remote/role';
import { readTitles } from '../lib/migrations/remote/titles';
import { releaseClients } from '../lib/release/aws/clients';
import { compatibilityOf } from '../lib/release/compatibility';
import { Refused } from '../lib/release/errors';
import { approverIn, pipelineOf, readStage } from '../lib/release/pipeline-state';
import { release } from '../lib/release/release';
import { EXIT, type Result } from '../lib/release/result';
import { rollback } from '../lib/release/rollback';
import { keepFiles } from './release/artifacts';
import { CLOCK, fail, print, readVariables, stopSignal } from './release/tool';

/** Goes back to what the live version replaced; a variable of a pipeline cannot be empty. */
const PREVIOUS = 'previous';

// What the pipeline's release steps, and its action that goes back, run: bundled by `npm run build`. It reads nothing but these variables, and leaves what
// it did in the folder `release`; the word in `release/outcome` is exported as the step's variable.
const variables = z.object({
  ACTION: z.enum(['release', 'rollback']).default('release'),
  ENVIRONMENT: z.string().min(1),
  REGION: z.string().min(1),
  ROLE_ARN: z.string().startsWith('arn:'),
  SCHEMA_ROLE_ARN: z.string().startsWith('arn:').optional(),
  APP_STACK: z.string().min(1),
  DATA_STACK: z.string().default(''),
  TO: z
    .string()
    .regex(/^(previous|[\w-]+:\d+)$/)
    .default(PREVIOUS),
  EXECUTION: z.string().min(1),
  STAGE: z.string().default(''),
  APPROVAL: z.string().default(''),
  CODEBUILD_INITIATOR: z.string().default(''),
  COMMITTED_AT: z.string().default(''),
  MIGRATIONS: z.string().default(''),
});

async function main(): Promise<void> {
  const told = readVariables(variables);
  const { ENVIRONMENT, ACTION, REGION, EXECUTION } = told;
  const result =
    ACTION === 'release' ? await releaseNow(told, await approverOf(told)) : await rollbackNow(told);
  keepFiles('release', { 'result.json': result, outcome: result.outcome });
  print(`${ACTION} in ${ENVIRONMENT} (${REGION}, ${EXECUTION}): ${result.outcome}. ${result.words}`);
  process.exitCode = EXIT[result.outcome];
}

type Variables = z.output<typeof variables>;

/**
 * Who approved this execution, for the record; undefined where nobody is asked. A release that was approved is not failed
 * for its record's sake, so what goes wrong here is told.
 */
async function approverOf({
  STAGE,
  APPROVAL,
  EXECUTION,
  CODEBUILD_INITIATOR,
}: Variables): Promise<string | undefined> {
  if (APPROVAL === '') return undefined;
  try {
    const place = { pipeline: pipelineOf(CODEBUILD_INITIATOR), stage: STAGE };
    const patience = { clock: CLOCK, progress: print, forMs: 60_000 };
    const state = await readStage(new CodePipelineClient({}), place, patience);
    const approver = approverIn(state, APPROVAL, EXECUTION);
    print(`Approved by ${approver ?? 'nobody that CodePipeline names'}.`);
    return approver;
  } catch (error) {
    print(`Who approved stays unrecorded: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
}

function toolsOf({ REGION, ROLE_ARN, EXECUTION, APP_STACK, ENVIRONMENT }: Variables, approver?: string) {
  const credentials = assumedRole(new STSClient({ region: REGION }), ROLE_ARN, `release-${EXECUTION}`);
  const access = { region: REGION, credentials };
  return {
    access,
    common: {
      clients: releaseClients(access),
      ...{ clock: CLOCK, progress: print, signal: stopSignal() },
      ...{ stack: APP_STACK, environment: ENVIRONMENT, by: `pipeline execution ${EXECUTION}` },
      ...(approver !== undefined && { approver }),
    },
  };
}

function releaseNow(told: Variables, approver?: string): Promise<Result> {
  const { MIGRATIONS, COMMITTED_AT } = told;
  return release({
    ...toolsOf(told, approver).common,
    migrations: readTitles(MIGRATIONS),
    ...(!Number.isNaN(Date.parse(COMMITTED_AT)) && { committedAt: COMMITTED_AT }),
  });
}

function rollbackNow(told: Variables): Promise<Result> {
  const { DATA_STACK, SCHEMA_ROLE_ARN, REGION, EXECUTION, TO } = told;
  if (DATA_STACK === '' || SCHEMA_ROLE_ARN === undefined)
    throw new Refused('A rollback needs the variables DATA_STACK and SCHEMA_ROLE_ARN.');
  // The database is asked as the one who may call the function that only looks, which who releases may not.
  const credentials = assumedRole(
    new STSClient({ region: REGION }),
    SCHEMA_ROLE_ARN,
    `rollback-${EXECUTION}`,
  );
  const account = SCHEMA_ROLE_ARN.split(':')[4] ?? '';
  const access = { region: REGION, credentials };
  const asked = { account, stack: DATA_STACK, access, clock: CLOCK, progress: print };
  return rollback({
    ...toolsOf(told).common,
    compatibility: compatibilityOf(asked),
    ...(TO !== PREVIOUS && { to: TO }),
  });
}

main().catch(fail);
