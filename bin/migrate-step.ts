import * as fs from 'node:fs';
import * as path from 'node:path';
import { STSClient } from '@aws-sdk/client-sts';
import * as z from 'zod';
import { awsClients } from '../lib/migrations/remote/clients';
import { findDeployed } from '../lib/migrations/remote/deployed';
import { type PhaseResult, runPhase } from '../lib/migrations/remote/phase';
import { assumedRole } from '../lib/migrations/remote/role';
import { writeTitles } from '../lib/migrations/remote/titles';

// What the pipeline's migration steps run, bundled by `npm run build`. It reads nothing but these variables, and leaves
// its artifacts in the folder `migration`; the last line of its output is exported as the step's variable.
const environment = z
  .object({
    ENVIRONMENT: z.string().min(1),
    PHASE: z.enum(['expand', 'contract']),
    REGION: z.string().min(1),
    ROLE_ARN: z.string().startsWith('arn:'),
    DATA_STACK: z.string().min(1),
    APP_STACK: z.string().min(1),
    PROTECT: z.enum(['yes', 'no']),
    EXECUTION: z.string().min(1),
  })
  .parse(process.env);

const FOLDER = 'migration';

async function main(): Promise<void> {
  const { ENVIRONMENT, PHASE, REGION, ROLE_ARN, EXECUTION } = environment;
  const credentials = assumedRole(new STSClient({ region: REGION }), ROLE_ARN, `migrate-${EXECUTION}`);
  const clients = awsClients({ region: REGION, credentials });
  const result = await runPhase({
    clients,
    deployed: await findDeployed(clients.cloudFormation, environment.DATA_STACK),
    actor: `pipeline execution ${EXECUTION}`,
    clock: {
      now: () => performance.now(),
      sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
      random: () => Math.random(),
    },
    progress: say,
    phase: PHASE,
    appStack: environment.APP_STACK,
    protect: environment.PROTECT === 'yes',
  });
  keep(result);
  for (const { message, mend, file, line } of result.problems)
    say(`${file === undefined ? '' : `${file}:${line ?? 1}: `}${message} ${mend}`);
  say(`${PHASE} in ${ENVIRONMENT}: ${result.outcome}`);
  process.exitCode = result.outcome === 'done' || result.outcome === 'waits' ? 0 : 1;
}

/** One file for each part, so that an approver reads the plan without the rest. */
function keep(result: PhaseResult): void {
  fs.mkdirSync(FOLDER, { recursive: true });
  const { plan, drift, ...rest } = result;
  const files = { 'plan.json': plan, 'drift.json': drift, 'result.json': rest };
  for (const [name, content] of Object.entries(files))
    if (content !== undefined)
      fs.writeFileSync(path.join(FOLDER, name), `${JSON.stringify(content, undefined, 2)}\n`);
  fs.writeFileSync(path.join(FOLDER, 'outcome'), result.outcome);
  fs.writeFileSync(path.join(FOLDER, 'applied'), appliedBy(result));
}

function appliedBy({ outcome, plan }: PhaseResult): string {
  return writeTitles(outcome === 'done' ? (plan?.migrations ?? []).map(({ title }) => title) : []);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
