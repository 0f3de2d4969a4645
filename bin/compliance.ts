import * as fs from 'node:fs';
import * as path from 'node:path';
import { InvalidArgumentError } from 'commander';
import { readEvidence } from '../lib/gate/evidence/read';
import { EVIDENCE_FOLDER } from '../lib/gate/evidence/write';
import { type Report, REPORT_FILE } from '../lib/gate/report/model';
import { REFUSED } from '../lib/shared/exit-codes';
import { command } from './command';
import { dueText, exceptionsText } from './compliance/dates';
import { explain, notExplained } from './compliance/explain';
import { noResource, resourcesMeant, whyText } from './compliance/why';
import { ROOT } from './evidence/surroundings';

const today = (): string => new Date().toISOString().slice(0, 10);

function days(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0)
    throw new InvalidArgumentError(`"${text}" is no whole number of days.`);
  return value;
}

const program = command('compliance')
  .description('Short answers about what the HIPAA gate found, from the evidence that the last synth left.')
  .option('--evidence <folder>', 'an evidence folder; without it the newest that a synth left');

/** The newest evidence of everything: that of `npx cdk synth`, or of the synth that `npm run evidence` did apart. */
function newest(): string {
  const madeAt = (folder: string): number =>
    fs.statSync(path.join(folder, REPORT_FILE), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const folders = ['cdk.out', '.cache/evidence/cdk.out'].map((at) => path.join(ROOT, at, EVIDENCE_FOLDER));
  const [first] = folders.filter((folder) => madeAt(folder) > 0).sort((a, b) => madeAt(b) - madeAt(a));
  if (first === undefined)
    throw new Error(
      'No synth has left evidence here: npx cdk synth first, or name a folder with --evidence.',
    );
  return first;
}

/** Answers from the report, or says in a sentence why it cannot. */
function answer(from: (report: Report) => string | readonly string[]): void {
  try {
    const said = from(readEvidence(program.opts<{ evidence?: string }>().evidence ?? newest()));
    if (typeof said === 'string') {
      console.log(said);
      return;
    }
    console.error(said.join('\n'));
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
  }
  process.exitCode = REFUSED;
}

program
  .command('exceptions')
  .description('The register of exceptions, those that end first on top.')
  .action(() => answer((report) => exceptionsText(report, today())));
program
  .command('due')
  .description('Exceptions that end and evidence that people have to record.')
  .option('--within <days>', 'how far ahead to look', days, 90)
  .action(({ within }: { readonly within: number }) => answer((report) => dueText(report, today(), within)));
program
  .command('explain')
  .description('What a rule or an item of the Security Rule is, what serves it, and how it stands.')
  .argument('<rule or citation>', 'for example S3BucketLoggingEnabled, or 164.312(b)')
  .action((asked: string) => answer((report) => explain(report, asked) ?? notExplained(report, asked)));
program
  .command('why')
  .description('What the gate says of a resource, and why.')
  .argument(
    '<resource>',
    'its construct path or the end of it, its logical id, or a stack such as Staging-Data',
  )
  .action((asked: string) =>
    answer((report) => {
      const found = resourcesMeant(report, asked);
      return found.length > 0
        ? found.map((resource) => whyText(report, resource)).join('\n\n')
        : noResource(report, asked);
    }),
  );
program.parse();
