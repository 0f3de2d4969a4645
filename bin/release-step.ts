import { STSClient } from '@aws-sdk/client-sts';
import * as z from 'zod';
import { assumedRole } from '../lib/migrations/remote/role';
import { releaseClients } from '../lib/release/aws/clients';
import { release } from '../lib/release/release';
import { EXIT } from '../lib/release/result';
import { keepFiles } from './release/artifacts';
import { CLOCK, fail, print, readVariables, stopSignal } from './release/tool';

// What the pipeline's release steps run, bundled by `npm run build`. It reads nothing but these variables, and leaves what
// it did in the folder `release`; the word in `release/outcome` is exported as the step's variable.
const variables = z.object({
  ENVIRONMENT: z.string().min(1),
  REGION: z.string().min(1),
  ROLE_ARN: z.string().startsWith('arn:'),
  APP_STACK: z.string().min(1),
  EXECUTION: z.string().min(1),
  APPROVER: z.string().default(''),
  COMMITTED_AT: z.string().default(''),
  MIGRATIONS: z.string().default(''),
});

async function main(): Promise<void> {
  const { ENVIRONMENT, REGION, ROLE_ARN, APP_STACK, EXECUTION, APPROVER, COMMITTED_AT, MIGRATIONS } =
    readVariables(variables);
  const credentials = assumedRole(new STSClient({ region: REGION }), ROLE_ARN, `release-${EXECUTION}`);
  const result = await release({
    clients: releaseClients({ region: REGION, credentials }),
    clock: CLOCK,
    progress: print,
    signal: stopSignal(),
    stack: APP_STACK,
    environment: ENVIRONMENT,
    by: `pipeline execution ${EXECUTION}`,
    migrations: MIGRATIONS.split(',').filter((title) => title !== ''),
    ...(APPROVER !== '' && { approver: APPROVER }),
    ...(!Number.isNaN(Date.parse(COMMITTED_AT)) && { committedAt: COMMITTED_AT }),
  });
  keepFiles('release', { 'result.json': result, outcome: result.outcome });
  print(`release to ${ENVIRONMENT}: ${result.outcome}. ${result.words}`);
  process.exitCode = EXIT[result.outcome];
}

main().catch(fail);
