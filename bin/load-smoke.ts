import { LambdaClient } from '@aws-sdk/client-lambda';
import { STSClient } from '@aws-sdk/client-sts';
import * as z from 'zod';
import { assumedRole } from '../lib/migrations/remote/role';
import { loadSmoke, loadSmokeText } from '../lib/release/load-smoke';
import { syntheticToken } from '../lib/release/smoke';
import { keepFiles } from './release/artifacts';
import { CLOCK, fail, print, readVariables } from './release/tool';

// What the pipeline's load smoke runs after the smoke, bundled by `npm run build`. Leaves its report in `load-smoke`.
const variables = z.object({
  URL: z.url(),
  SIGN_IN_FUNCTION: z.string().min(1),
  REGION: z.string().min(1),
  ROLE_ARN: z.string().startsWith('arn:'),
  EXECUTION: z.string().min(1),
  RPS: z.coerce.number().positive(),
  SECONDS: z.coerce.number().positive(),
  P99_MS: z.coerce.number().positive(),
  FAILED_PERCENT: z.coerce.number().min(0),
});

async function main(): Promise<void> {
  const told = readVariables(variables);
  const { REGION: region, EXECUTION, SIGN_IN_FUNCTION } = told;
  const credentials = assumedRole(new STSClient({ region }), told.ROLE_ARN, `load-smoke-${EXECUTION}`);
  const lambda = new LambdaClient({ region, credentials });
  const report = await loadSmoke({
    ...{ baseUrl: told.URL, fetch, clock: CLOCK },
    budget: {
      ...{ rps: told.RPS, seconds: told.SECONDS },
      ...{ p99Ms: told.P99_MS, failedPercent: told.FAILED_PERCENT },
    },
    signIn: () => syntheticToken(lambda, SIGN_IN_FUNCTION),
  });
  keepFiles('load-smoke', { 'report.json': report });
  print(loadSmokeText(report));
  if (!report.passed) process.exitCode = 1;
}

main().catch(fail);
