/** One thing that the test line runs. */
export interface Check {
  /** What it is called in the output. */
  readonly name: string;
  /** The programs to run, one after the other; a name without a slash is looked up in node_modules/.bin. */
  readonly commands: readonly (readonly string[])[];
  /** Cores that it keeps busy; checks run beside each other while there are cores left. */
  readonly cores: 1 | 2;
  /** Where jest writes its counts, when the check is a run of jest; without it the check counts as one. */
  readonly counts?: string;
}

/** A run of one of jest's projects in as many workers as it may keep cores busy. */
function jest(name: string, cores: 1 | 2, counts: string, options: readonly string[] = []): Check {
  const workers = cores === 1 ? '--runInBand' : `--maxWorkers=${cores}`;
  const command = ['jest', '--ci', '--selectProjects', name, '--json', `--outputFile=${counts}`, workers];
  return { name, commands: [[...command, ...options]], cores, counts };
}

/**
 * Files that the fast part leaves out, as patterns: tests of what runs on laptops alone, of what judges a change and writes of
 * it, which judged this one before it was merged, and what the project itself leaves out, whose list this one replaces.
 */
export const NOT_DEPLOYED: readonly string[] = [
  '/test/(local|checks|docs|gate|review|e2e|database|integ)/',
  '/test/(migrations/(cli|files|lint|text)|platform/release-guard)',
  '\\.(cli|browser|slow)\\.test\\.ts$',
];

/**
 * The compiler without the interface that the linter and Jest still need, three times as fast. Both are called `tsc`, so
 * it is named by its place.
 */
const COMPILER = 'node_modules/typescript-native/bin/tsc';

/**
 * Everything that has to hold before a change is merged.
 * @param folder - where counts are written while the checks run
 * @param fast - only what tells whether the commit may be deployed, without a database, for the pipeline's synth step: how
 *   the sources read was judged before they were merged
 */
export function checks(folder: string, fast: boolean): readonly Check[] {
  const counts = (name: string): string => `${folder}/${name}.json`;
  const types: Check = { name: 'types', commands: [[COMPILER, '--noEmit']], cores: 2 };
  const unit = (...options: readonly string[]): Check => jest('unit', 2, counts('unit'), options);
  if (fast) return [types, unit('--testPathIgnorePatterns', ...NOT_DEPLOYED)];
  const out = `${folder}/cdk.out`;
  return [
    types,
    { name: 'lint', commands: [['eslint', '.', '--max-warnings', '0']], cores: 1 },
    { name: 'format', commands: [['prettier', '--check', '--log-level', 'warn', '.']], cores: 1 },
    { name: 'knip', commands: [['knip']], cores: 1 },
    jest('browser', 1, counts('browser')),
    jest('slow', 1, counts('slow')),
    unit(),
    {
      name: 'synth and gate',
      commands: [
        ['cdk', 'synth', '--quiet', '--output', out],
        ['tsx', 'bin/gate.ts', 'verify', out],
      ],
      cores: 2,
    },
    jest('cli', 2, counts('cli')),
    { name: 'integ snapshots', commands: [['tsx', 'bin/integ.ts']], cores: 2 },
    // Both wait more than they compute.
    jest('database', 1, counts('database')),
    // What a failed test leaves open must not keep the line from ending.
    jest('e2e', 1, counts('e2e'), ['--forceExit']),
  ];
}
