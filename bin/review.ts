import * as path from 'node:path';
import { CodePipelineClient } from '@aws-sdk/client-codepipeline';
import { STSClient } from '@aws-sdk/client-sts';
import * as z from 'zod';
import { awsClients, type AwsClients } from '../lib/migrations/remote/clients';
import { takeCaller } from '../lib/release/caller';
import { pipelineOf } from '../lib/release/pipeline-state';
import { fetchPrevious, review, reviewText, summaryOf } from '../lib/review';
import { baselinesOf, judgedBy, VAULT_VARIABLES } from './evidence/judged';
import { keepFiles } from './release/artifacts';
import { CLOCK, fail, print, readVariables } from './release/tool';

// What the pipeline runs before it asks a person, bundled by `npm run build`. Leaves the review in the folder `review`: as
// JSON, in words, and in the one line that the approval shows; the log that the approval links to has the words as well.
const variables = z.object({
  ENVIRONMENT: z.string().min(1),
  ACCOUNT: z.string().regex(/^\d{12}$/),
  ACCOUNTS: z.string().regex(/^\d{12}(,\d{12})*$/),
  OWNER: z.string().min(1),
  STAGE: z.string().min(1),
  REGION: z.string().min(1),
  ROLE_ARN: z.string().startsWith('arn:'),
  STACKS: z.string().min(1),
  CALLERS_STACK: z.string().min(1),
  DATA_STACK: z.string().min(1),
  ASSEMBLY: z.string().min(1),
  ...VAULT_VARIABLES,
  EXECUTION: z.string().min(1),
  CODEBUILD_INITIATOR: z.string().min(1),
  CODEBUILD_BUILD_ID: z.string().includes(':'),
});
type Variables = z.output<typeof variables>;

const patience = { clock: CLOCK, progress: print };

async function main(): Promise<void> {
  const told = readVariables(variables);
  const clients = await viewing(told);
  const previous = await fetchPrevious(told.STAGE, 'previous', await judgedBy(told), baselinesOf(told));
  const result = await review({
    environment: told.ENVIRONMENT,
    account: told.ACCOUNT,
    accounts: told.ACCOUNTS.split(','),
    owner: told.OWNER,
    stage: told.STAGE,
    stacks: told.STACKS.split(','),
    callersStack: told.CALLERS_STACK,
    dataStack: told.DATA_STACK,
    assembly: told.ASSEMBLY,
    ...(previous && { previous }),
    ...(clients && { clients }),
    actor: `review of pipeline execution ${told.EXECUTION}`,
    today: CLOCK.date().toISOString().slice(0, 10),
    patience,
  });
  const text = reviewText(result);
  keepFiles('review', {
    'review.json': result,
    'review.md': text,
    summary: summaryOf(result),
    build: buildPath(told.CODEBUILD_BUILD_ID),
  });
  print(text);
}

/** The environment's services; undefined before its first deployment. */
async function viewing(told: Variables): Promise<AwsClients | undefined> {
  const { REGION, ROLE_ARN, EXECUTION, STAGE, CODEBUILD_INITIATOR } = told;
  const credentials = await takeCaller({
    ...{ roleArn: ROLE_ARN, session: `review-${EXECUTION}`, patience },
    place: { pipeline: pipelineOf(CODEBUILD_INITIATOR), stage: path.posix.basename(STAGE) },
    sts: new STSClient({ region: REGION }),
    codePipeline: new CodePipelineClient({}),
  });
  return credentials && awsClients({ region: REGION, credentials });
}

/** Where the console shows the build, from the account's builds on. */
function buildPath(id: string): string {
  const project = id.slice(0, id.indexOf(':'));
  return `projects/${encodeURIComponent(project)}/build/${encodeURIComponent(id)}/log`;
}

main().catch(fail);
