import { CodePipelineClient } from '@aws-sdk/client-codepipeline';
import { STSClient } from '@aws-sdk/client-sts';
import * as z from 'zod';
import { releaseClients } from '../lib/release/aws/clients';
import { takeCaller } from '../lib/release/caller';
import { firstDeployment, guard, guardText } from '../lib/release/guard';
import { pipelineOf } from '../lib/release/pipeline-state';
import { keepFiles } from './release/artifacts';
import { CLOCK, fail, print, readVariables } from './release/tool';

// What the pipeline runs between the preparation and the execution of a change set, bundled by `npm run build`. Leaves its
// report in the folder `guard`, as JSON and in an approver's words.
const variables = z.object({
  REGION: z.string().min(1),
  ROLE_ARN: z.string().startsWith('arn:'),
  STACK: z.string().min(1),
  CHANGE_SET: z.string().min(1),
  TEMPLATE: z.string().regex(/^[0-9a-f]{64}$/),
  APP_STACK: z.string().min(1),
  ACCOUNTS: z.string().regex(/^\d{12}(,\d{12})*$/),
  STAGE: z.string().min(1),
  EXECUTION: z.string().min(1),
  CODEBUILD_INITIATOR: z.string().min(1),
});

async function main(): Promise<void> {
  const told = readVariables(variables);
  const { REGION: region, STACK: stack, CHANGE_SET: changeSet } = told;
  const patience = { clock: CLOCK, progress: print };
  const credentials = await takeCaller({
    ...{ roleArn: told.ROLE_ARN, session: `guard-${told.EXECUTION}`, patience },
    place: { pipeline: pipelineOf(told.CODEBUILD_INITIATOR), stage: told.STAGE },
    sts: new STSClient({ region }),
    codePipeline: new CodePipelineClient({}),
  });
  const report = credentials
    ? await guard({
        clients: releaseClients({ region, credentials }),
        ...{
          stack,
          changeSet,
          template: told.TEMPLATE,
          appStack: told.APP_STACK,
          accounts: told.ACCOUNTS.split(','),
          ...patience,
        },
      })
    : firstDeployment(stack, changeSet);
  const text = guardText(report);
  keepFiles('guard', { 'report.json': report, 'report.txt': `${text}\n` });
  print(text);
  if (!report.passed) process.exitCode = 2;
}

main().catch(fail);
