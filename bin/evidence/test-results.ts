import * as fs from 'node:fs';
import * as path from 'node:path';
import { z } from 'zod';
import { CHECKS } from '../../lib/gate/catalogue';
import type { Surroundings } from '../../lib/gate/evidence/write';
import type { CheckResult } from '../../lib/gate/report/statuses';

/** Where `npm test` leaves what its runs of jest came to, relative to the repository. */
export const RESULTS = '.cache/test';

/** File beside the results that says which sources they are of, and which files of tests were not asked. */
export const REVISION = 'revision.json';

const revisionSchema = z.strictObject({
  commit: z.string(),
  dirty: z.boolean(),
  leftOut: z.array(z.string()).describe('Patterns of paths'),
});

const run = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  testResults: z.array(
    z.object({
      name: z.string(),
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
    }),
  ),
});

function read<T>(file: string, schema: z.ZodType<T>): T | undefined {
  try {
    return schema.parse(JSON.parse(fs.readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}

/** What the tests showed. */
export interface TestEvidence {
  /** How each check by test ended, by id. */
  readonly checks: Surroundings['checks'];
  /** The tests as a whole. */
  readonly operational: Surroundings['operational'][number];
}

/** What `npm test` showed of exactly these sources; results of any others show nothing. */
export function checkResults(
  at: { readonly commit: string; readonly dirty: boolean },
  folder: string,
): TestEvidence {
  const none = (summary: string, state: 'absent' | 'stale' = 'absent'): TestEvidence => ({
    checks: new Map(),
    operational: { kind: 'tests', title: 'Test results', state, summary },
  });
  const of = read(path.join(folder, REVISION), revisionSchema);
  if (!of) return none('No results were found: npm test writes them.');
  if (of.commit !== at.commit || of.dirty || at.dirty)
    return none('The results that were found are of other sources: commit, then npm test.', 'stale');
  const runs = ['unit', 'cli', 'browser', 'slow', 'database', 'e2e'].flatMap((name) => {
    const result = read(path.join(folder, `${name}.json`), run);
    return result ? [{ name, ...result }] : [];
  });
  if (runs.length === 0) return none('No run of the tests ended.');

  const files = runs.flatMap(({ testResults }) => testResults);
  const checks = new Map(
    CHECKS.flatMap(({ id, file, test }): (readonly [string, CheckResult])[] => {
      const ended = files
        .filter(({ name }) => name.split(path.sep).join('/').endsWith(`/${file}`))
        .flatMap(({ assertionResults }) => assertionResults)
        .find(({ fullName }) => fullName === test);
      if (ended?.status === 'passed' || ended?.status === 'failed') return [[id, ended.status]];
      return of.leftOut.some((pattern) => new RegExp(pattern).test(`/${file}`)) ? [[id, 'left-out']] : [];
    }),
  );
  const leftOut = [...checks].flatMap(([id, ended]) => (ended === 'left-out' ? [id] : []));
  const passed = runs.reduce((sum, { numPassedTests }) => sum + numPassedTests, 0);
  const failed = runs.reduce((sum, { numFailedTests }) => sum + numFailedTests, 0);
  return {
    checks,
    operational: {
      kind: 'tests',
      title: 'Test results',
      state: 'present',
      summary: `${passed} passed, ${failed} failed in ${runs.map(({ name }) => name).join(', ')}; ${checks.size - leftOut.length} of ${CHECKS.length} checks shown${leftOut.length === 0 ? '' : `; not asked by this run, and shown by npm test as a whole: ${leftOut.join(', ')}`}.`,
    },
  };
}
