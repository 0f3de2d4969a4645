import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import type { Check } from '../../lib/checks/list';
import { checks } from '../../lib/checks/list';
import { type Outcome, runChecks } from '../../lib/checks/run';

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'checks-'));
afterAll(() => {
  fs.rmSync(root, { recursive: true });
});

function node(name: string, script: string, more: Partial<Check> = {}): Check {
  return { name, commands: [[process.execPath, '-e', script]], cores: 1, ...more };
}

async function run(
  list: readonly Check[],
  cores = 2,
): Promise<{ outcomes: readonly Outcome[]; ended: string[] }> {
  const ended: string[] = [];
  const outcomes = await runChecks(list, {
    root,
    cores,
    environment: {},
    now: () => performance.now(),
    onEnd: ({ name }) => ended.push(name),
  });
  return { outcomes, ended };
}

test('counts a check that succeeds and one that fails, and keeps what both streams said', async () => {
  const { outcomes } = await run([
    node('good', 'console.log("fine")'),
    node('bad', 'console.log("before"); console.error("broken"); process.exit(3)'),
  ]);
  expect(outcomes).toEqual([
    expect.objectContaining({ name: 'good', passed: 1, failed: 0, output: 'fine\n' }),
    expect.objectContaining({ name: 'bad', passed: 0, failed: 1 }),
  ]);
  expect(outcomes[1]?.output).toContain('before\n');
  expect(outcomes[1]?.output).toContain('broken\n');
});

test('takes the counts that jest wrote', async () => {
  const counts = { numPassedTests: 7, numFailedTests: 2, numRuntimeErrorTestSuites: 1 };
  const script = `require('node:fs').writeFileSync('counts.json', '${JSON.stringify(counts)}'); process.exit(1)`;
  const { outcomes } = await run([node('jest', script, { counts: 'counts.json' })]);
  expect(outcomes[0]).toMatchObject({ passed: 7, failed: 3 });
});

test('a run of jest that wrote no counts has failed, even when counts of an earlier run are there', async () => {
  fs.writeFileSync(path.join(root, 'stale.json'), JSON.stringify({ numPassedTests: 9, numFailedTests: 0 }));
  const { outcomes } = await run([
    node('silent', '', { counts: 'stale.json' }),
    node('crashed', 'process.exit(1)', { counts: 'none.json' }),
  ]);
  expect(outcomes).toEqual([
    expect.objectContaining({ passed: 0, failed: 1 }),
    expect.objectContaining({ passed: 0, failed: 1 }),
  ]);
});

test('a program that is not there is a failure with its reason', async () => {
  const { outcomes } = await run([{ name: 'absent', commands: [['no-such-program']], cores: 1 }]);
  expect(outcomes[0]).toMatchObject({ failed: 1 });
  expect(outcomes[0]?.output).toContain('ENOENT');
});

test('stops a check at its first command that fails', async () => {
  const marker = path.join(root, 'second');
  const { outcomes } = await run([
    {
      name: 'two',
      commands: [
        [process.execPath, '-e', 'process.exit(1)'],
        [process.execPath, '-e', `require('node:fs').writeFileSync(${JSON.stringify(marker)}, '')`],
      ],
      cores: 1,
    },
  ]);
  expect(outcomes[0]?.failed).toBe(1);
  expect(fs.existsSync(marker)).toBe(false);
});

test('runs checks beside each other only while there are cores for them', async () => {
  const slow = node('slow', 'setTimeout(() => {}, 400)');
  const quick = node('quick', '');
  expect((await run([slow, quick], 2)).ended).toEqual(['quick', 'slow']);
  expect((await run([slow, quick], 1)).ended).toEqual(['slow', 'quick']);
  expect((await run([slow, { ...quick, cores: 2 }], 2)).ended).toEqual(['slow', 'quick']);
});

test('the fast part is a part of the whole, and leaves out what takes minutes', () => {
  const names = (fast: boolean): string[] => checks('.cache', fast).map(({ name }) => name);
  expect(names(true)).toEqual(['types', 'unit']);
  expect(names(false)).toEqual([
    'types',
    'lint',
    'format',
    'knip',
    'browser',
    'slow',
    'unit',
    'synth and gate',
    'cli',
    'integ snapshots',
    'database',
    'e2e',
  ]);
});
