import { STSClient } from '@aws-sdk/client-sts';
import * as z from 'zod';
import { assumedRole } from '../lib/migrations/remote/role';
import { releaseClients } from '../lib/release/aws/clients';
import { guard, guardText } from '../lib/release/guard';
import { keepFiles } from './release/artifacts';
import { CLOCK, fail, print, readVariables } from './release/tool';

// What the pipeline runs between the preparation and the execution of a change set, bundled by `npm run build`. Leaves its
// report in the folder `guard`, as JSON and in an approver's words.
const variables = z.object({
  REGION: z.string().min(1),
  ROLE_ARN: z.string().startsWith('arn:'),
  STACK: z.string().min(1),
  CHANGE_SET: z.string().min(1),
  APP_STACK: z.string().min(1),
  EXECUTION: z.string().min(1),
});

async function main(): Promise<void> {
  const { REGION, ROLE_ARN, STACK, CHANGE_SET, APP_STACK, EXECUTION } = readVariables(variables);
  const credentials = assumedRole(new STSClient({ region: REGION }), ROLE_ARN, `guard-${EXECUTION}`);
  const report = await guard({
    clients: releaseClients({ region: REGION, credentials }),
    ...{ stack: STACK, changeSet: CHANGE_SET, appStack: APP_STACK, clock: CLOCK, progress: print },
  });
  const text = guardText(report);
  keepFiles('guard', { 'report.json': report, 'report.txt': `${text}\n` });
  print(text);
  if (!report.passed) process.exitCode = 2;
}

main().catch(fail);
