import * as fs from 'node:fs';
import * as path from 'node:path';
import { compareReports } from '../report/diff/reports';
import { compareTemplates } from '../report/diff/templates';
import { byText } from '../report/ids';
import type { Change, Diff, Report } from '../report/model';
import { EvidenceFolderError, readEvidence } from './read';
import type { TemplateOf } from './write';

type Template = Readonly<Record<string, unknown>>;

function templateIn(folder: string, report: Report, stack: string): Template | undefined {
  const named = report.templates.find(({ path: place }) => place === stack);
  if (!named) return undefined;
  const file = path.resolve(folder, named.file);
  if (!file.startsWith(`${path.resolve(folder)}${path.sep}`))
    throw new EvidenceFolderError(
      `${folder}: the template of ${stack} is said to stand at ${named.file}, outside of it.`,
    );
  try {
    const template: unknown = JSON.parse(fs.readFileSync(file, 'utf8'));
    if (typeof template === 'object' && template !== null && !Array.isArray(template))
      return template as Template;
  } catch {
    // Said below, as for what is no object.
  }
  throw new EvidenceFolderError(`${folder}: ${named.file}, the template of ${stack}, is missing or no JSON.`);
}

/** Orders by kind, environment and subject. */
function inOrder(changes: readonly Change[]): Change[] {
  const key = ({ kind, environment, subject, text }: Change): string =>
    [kind, environment, subject, text].join('\n');
  return [...new Map(changes.map((change) => [key(change), change]))]
    .sort(([a], [b]) => byText(a, b))
    .map(([, change]) => change);
}

/**
 * What changed from one report to a later one: in the reports, and in the templates beside them.
 * @param later - the later report, which need not be written yet
 * @param laterTemplate - the later template of a stack
 * @throws EvidenceFolderError when the earlier folder cannot be read
 */
export function compareWith(earlierFolder: string, later: Report, laterTemplate: TemplateOf): Diff {
  const earlier = readEvidence(earlierFolder);
  const environments = new Map(
    [...earlier.resources, ...later.resources].map(({ stack, environment }) => [stack, environment]),
  );
  const known = new Set(earlier.environments.map(({ name }) => name));
  const still = new Set(later.environments.map(({ name }) => name));
  const stacks = [
    ...new Set([...earlier.templates, ...later.templates].map(({ path: stack }) => stack)),
  ].sort(byText);
  const hashes = (report: Report): ReadonlyMap<string, string> =>
    new Map(report.templates.map(({ path: stack, sha256 }) => [stack, sha256]));
  const [before, after] = [hashes(earlier), hashes(later)];
  const ofTemplates = stacks.flatMap((stack) => {
    const environment = environments.get(stack) ?? '';
    // An environment that only one of the two speaks of is not compared: everything in it would be a change.
    if (!known.has(environment) || !still.has(environment) || before.get(stack) === after.get(stack))
      return [];
    const was = templateIn(earlierFolder, earlier, stack);
    const is = laterTemplate(stack);
    try {
      return compareTemplates({ stack, environment, ...(was && { earlier: was }), ...(is && { later: is }) });
    } catch (error) {
      throw new EvidenceFolderError(
        `The templates of ${stack} cannot be compared, expected two of CloudFormation's form: ${error instanceof Error ? error.message : String(error)}.`,
      );
    }
  });
  const ofReports = compareReports(earlier, later).filter(
    ({ environment }) => known.has(environment) && still.has(environment),
  );
  const gone = (names: ReadonlySet<string>, others: ReadonlySet<string>, text: string): Change[] =>
    [...names]
      .filter((name) => !others.has(name))
      .map((name) => ({ kind: 'status', environment: name, subject: name, text }));
  return {
    from: `${earlier.version} (${earlier.commit})`,
    changes: inOrder([
      ...ofReports,
      ...ofTemplates,
      ...gone(still, known, 'The environment is new: the earlier report does not speak of it.'),
      ...gone(known, still, 'The environment is gone: the later report does not speak of it.'),
    ]),
  };
}

/**
 * What changed between two evidence folders.
 * @throws EvidenceFolderError when one of them cannot be read
 */
export function compareFolders(earlier: string, later: string): Diff {
  const report = readEvidence(later);
  return compareWith(earlier, report, (stack) => templateIn(later, report, stack));
}
