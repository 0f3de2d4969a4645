import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { readEvidence } from '../gate/evidence/read';
import { EVIDENCE_FOLDER } from '../gate/evidence/write';
import type { Report } from '../gate/report/model';
import { parseManifest } from '../migrations/manifest';
import type { MigrationSet } from '../migrations/model';
import type { TemplateOfStack } from './differences';
import { ReviewError } from './model';

/** What a release has for one environment, by its own synth output. */
export interface ReleaseContents {
  /** The gate's report. */
  readonly report: Report;
  /** Folder of the report. */
  readonly evidence: string;
  /** Template of each stack, by the stack's name. */
  readonly templates: ReadonlyMap<string, TemplateOfStack>;
  /** The migrations that the release carries. */
  readonly migrations: MigrationSet;
}

/** File of the migrations in the bundle of the function that runs them. */
const MANIFEST = 'migrations.json';

/**
 * Reads what a release has for an environment. Templates are those that the gate judged, each compared with the hash
 * that the report has of it.
 * @param assembly - folder of the synth output
 * @param stage - construct path of the environment's stage
 * @param stacks - names of its stacks, all of which have to be there
 * @throws ReviewError that names everything that is missing or altered
 */
export function readRelease(assembly: string, stage: string, stacks: readonly string[]): ReleaseContents {
  const evidence = path.join(assembly, EVIDENCE_FOLDER);
  const report = readEvidence(evidence);
  const problems: string[] = [];
  const templates = new Map<string, TemplateOfStack>();
  for (const { path: place, file, sha256 } of report.templates) {
    if (!place.startsWith(`${stage}/`)) continue;
    const text = read(path.join(evidence, file));
    const name = stackName(stage, place);
    if (text === undefined) problems.push(`The template of ${place} is not at ${file} in the evidence.`);
    else if (createHash('sha256').update(text).digest('hex') !== sha256)
      problems.push(`The template of ${place} is not the one that the gate has judged: its SHA-256 differs.`);
    else templates.set(name, JSON.parse(text) as TemplateOfStack);
  }
  for (const name of stacks.filter((one) => !templates.has(one)))
    problems.push(`The release has no template of ${name} that the gate has judged.`);
  for (const name of [...templates.keys()].filter((one) => !stacks.includes(one)))
    problems.push(`The release has a stack ${name} that the step was not told of.`);
  const migrations = manifestOf(assembly, [...templates.values()]);
  if (migrations === undefined)
    problems.push(`No function of ${stage} carries ${MANIFEST}: the migrations of the release are unknown.`);
  if (problems.length > 0 || migrations === undefined) throw new ReviewError(problems);
  return { report, evidence, templates, migrations: parseManifest(migrations) };
}

/** Name of a stack by the construct paths of its stage and itself, as CDK makes it: `Prod-Data` of `Pipeline/Prod/Data`. */
export function stackName(stage: string, place: string): string {
  return [path.posix.basename(stage), ...place.slice(stage.length + 1).split('/')].join('-');
}

/** The manifest in the bundle of a function of these templates. */
function manifestOf(assembly: string, templates: readonly TemplateOfStack[]): string | undefined {
  const keys = templates.flatMap(({ Resources = {} }) =>
    Object.values(Resources).flatMap(({ Type, Properties = {} }) => {
      const { S3Key: key } = (Type === 'AWS::Lambda::Function' ? (Properties.Code ?? {}) : {}) as {
        readonly S3Key?: unknown;
      };
      return typeof key === 'string' ? [key] : [];
    }),
  );
  for (const key of new Set(keys)) {
    const text = read(path.join(assembly, `asset.${path.basename(key, '.zip')}`, MANIFEST));
    if (text !== undefined) return text;
  }
  return undefined;
}

function read(file: string): string | undefined {
  return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : undefined;
}
