import * as fs from 'node:fs';
import * as path from 'node:path';
import { z } from 'zod';
import { byText } from '../report/ids';
import type { Report } from '../report/model';
import { many } from '../report/words';
import { writeForms } from './forms';
import { readEvidence } from './read';

type Operational = Report['operational'][number];

/** What a step of the release leaves: a kind of evidence, and how its file tells in a sentence what happened. */
interface StepEvidence {
  readonly kind: string;
  readonly title: string;
  /** Folder of the step's artifacts, and file in it. */
  readonly from: readonly [folder: string, file: string];
  readonly summary: (written: unknown) => string;
}

const migration = z.object({ outcome: z.string(), problems: z.array(z.unknown()) });
const released = z.object({ outcome: z.string(), words: z.string() });
const smoke = z.object({ passed: z.boolean(), checks: z.array(z.unknown()) });

const migrated = (written: unknown): string => {
  const { outcome, problems } = migration.parse(written);
  return `${outcome}${problems.length > 0 ? `, ${many(problems.length, 'problem')}` : ''}.`;
};

const STEPS: readonly StepEvidence[] = [
  {
    kind: 'migrations',
    title: 'Migrations before the release (expand)',
    from: ['expand', 'result.json'],
    summary: migrated,
  },
  {
    kind: 'releases',
    title: 'The release',
    from: ['release', 'result.json'],
    summary: (written) => {
      const { outcome, words } = released.parse(written);
      return `${outcome}: ${words}`;
    },
  },
  {
    kind: 'smoke',
    title: 'A look at the release from outside',
    from: ['smoke', 'report.json'],
    summary: (written) => {
      const { passed, checks } = smoke.parse(written);
      return `${passed ? 'passed' : 'FAILED'}, ${many(checks.length, 'check')}.`;
    },
  },
  {
    kind: 'migrations',
    title: 'Migrations after the release (contract)',
    from: ['contract', 'result.json'],
    summary: migrated,
  },
];

/**
 * Adds what the release of an environment left to evidence that a synth wrote: the files of its steps, and what they say
 * in every form of the report.
 * @param folder - the evidence, which is changed
 * @param left - folder that holds one folder for each step's artifacts
 * @throws Error when the folder holds no report
 */
export function addReleased(folder: string, environment: string, left: string): Report {
  const report = readEvidence(folder);
  const place = `operational/${environment.toLowerCase().replaceAll('/', '-')}`;
  const said = STEPS.map(({ kind, title, from, summary }): Operational => {
    const [step, file] = from;
    const titled = { kind, title: `${environment}: ${title}` };
    try {
      const words = summary(JSON.parse(fs.readFileSync(path.join(left, step, file), 'utf8')));
      copyFiles(path.join(left, step), path.join(folder, place, step));
      return { ...titled, state: 'present', summary: words, file: `${place}/${step}/${file}` };
    } catch {
      return { ...titled, state: 'absent', summary: `The step left no ${step}/${file} that can be read.` };
    }
  });
  const operational = [...report.operational, ...said].sort((a, b) =>
    byText(a.kind + a.title, b.kind + b.title),
  );
  const approver = approverOf(left);
  const whole: Report = {
    ...{ ...report, operational },
    ...(report.execution && approver !== undefined && { execution: { ...report.execution, approver } }),
  };
  writeForms(whole, folder);
  return whole;
}

/** Who approved the release, as its record has it from CodePipeline; undefined where nobody had to. */
function approverOf(left: string): string | undefined {
  const result = z.object({ record: z.object({ approver: z.string().optional() }).optional() });
  try {
    return result.parse(JSON.parse(fs.readFileSync(path.join(left, 'release', 'result.json'), 'utf8'))).record
      ?.approver;
  } catch {
    return undefined;
  }
}

/** Copies the files of a folder and of those in it; a link is no evidence. */
function copyFiles(from: string, to: string): void {
  for (const entry of fs.readdirSync(from, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    const target = path.join(to, path.relative(from, file));
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.copyFileSync(file, target);
  }
}
