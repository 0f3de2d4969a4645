import * as z from 'zod';
import { DEFAULT_BUDGETS, smoke, smokeText } from '../lib/release/smoke';
import { keepFiles } from './release/artifacts';
import { CLOCK, fail, print, readVariables } from './release/tool';

// What the pipeline's smoke steps run after the shift, bundled by `npm run build`. Leaves its report in the folder `smoke`.
const variables = z.object({
  URL: z.url(),
  EXPECT_VERSION: z.string().min(1),
  TOKEN: z.string().default(''),
});

async function main(): Promise<void> {
  const { URL: baseUrl, EXPECT_VERSION: expectVersion, TOKEN: token } = readVariables(variables);
  const report = await smoke({
    ...{ baseUrl, expectVersion, fetch, clock: CLOCK, budgets: DEFAULT_BUDGETS },
    ...(token !== '' && { token }),
  });
  keepFiles('smoke', { 'report.json': report });
  print(smokeText(report));
  if (!report.passed) process.exitCode = 1;
}

main().catch(fail);
