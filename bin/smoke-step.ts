import { LambdaClient } from '@aws-sdk/client-lambda';
import { STSClient } from '@aws-sdk/client-sts';
import * as z from 'zod';
import { SYNTHETIC } from '../lib/identity/synthetic';
import { assumedRole } from '../lib/migrations/remote/role';
import { smoke, smokeText, syntheticToken } from '../lib/release/smoke';
import { keepFiles } from './release/artifacts';
import { CLOCK, fail, print, readVariables } from './release/tool';

// What the pipeline's smoke steps run after the shift, bundled by `npm run build`. It becomes the check caller to have
// the synthetic person signed in, and leaves its report in the folder `smoke`.
const variables = z.object({
  URL: z.url(),
  EXPECT_VERSION: z.string().min(1),
  SIGN_IN_FUNCTION: z.string().min(1),
  REGION: z.string().min(1),
  ROLE_ARN: z.string().startsWith('arn:'),
  EXECUTION: z.string().min(1),
});

async function main(): Promise<void> {
  const { URL: baseUrl, EXPECT_VERSION: expectVersion, ...told } = readVariables(variables);
  const { REGION: region, ROLE_ARN, EXECUTION, SIGN_IN_FUNCTION } = told;
  const credentials = assumedRole(new STSClient({ region }), ROLE_ARN, `smoke-${EXECUTION}`);
  const lambda = new LambdaClient({ region, credentials });
  const report = await smoke({
    ...{ baseUrl, expectVersion, fetch, clock: CLOCK, patientId: SYNTHETIC.patientId },
    signIn: () => syntheticToken(lambda, SIGN_IN_FUNCTION),
  });
  keepFiles('smoke', { 'report.json': report });
  print(smokeText(report));
  if (!report.passed) process.exitCode = 1;
}

main().catch(fail);
