import * as fs from 'node:fs';
import * as path from 'node:path';
import { sha256 } from '../chain/canonical';
import type { Finding } from '../chain/model';
import { stacksOf } from '../cloud-assembly';
import { assetsOf } from '../evidence/assets';
import { readEvidence } from '../evidence/read';
import type { Report } from '../report/model';
import { daysAfter } from '../../shared/days';
import { unsoundnessOf } from './soundness';

/** A release that evidence is asked of. */
export interface Candidate {
  /** The evidence, as it was fetched from where it is locked. */
  readonly folder: string;
  /** What is wrong with it by the chain. */
  readonly findings: readonly Finding[];
  /** The cloud assembly that is about to be deployed. */
  readonly assembly: string;
  /** Environment that is about to be released, as the report names it. */
  readonly environment: string;
  /** Commit of the assembly. */
  readonly commit: string;
  /** The pipeline's execution. */
  readonly execution: string;
  /** Day that exceptions are judged by, `YYYY-MM-DD`. */
  readonly today: string;
}

/**
 * Everything for which a release is refused: evidence that is missing, unsigned or altered, that is of another commit,
 * execution, template or asset, that leaves out a stack of the assembly or a rule, that contradicts itself, or that is not free of
 * open findings.
 * @returns a sentence for each; none when it may be released
 */
export function refusalsOf(candidate: Candidate): readonly string[] {
  const broken = candidate.findings.map(
    ({ flaw, place, words }) => `The evidence is not whole: ${flaw} ${place}: ${words}.`,
  );
  let report: Report;
  try {
    report = readEvidence(candidate.folder);
  } catch (error) {
    return [...broken, error instanceof Error ? error.message : String(error)];
  }
  return [
    ...broken,
    ...staleness(report, candidate),
    ...coverage(report, candidate),
    ...unsoundnessOf(report),
    ...openness(report, candidate),
  ];
}

/** Days that a synth may lie back: so long the pipeline keeps what it hands on (`lib/pipeline/pipeline-storage.ts`). */
const FRESH_DAYS = 30;

function staleness(report: Report, { commit, execution, today }: Candidate): readonly string[] {
  const of = report.execution?.id ?? 'no execution of the pipeline';
  return [
    ...(report.commit === commit
      ? []
      : [`The evidence is stale: it is of commit ${report.commit}, and ${commit} is released.`]),
    ...(report.judgedOn <= today && today <= daysAfter(report.judgedOn, FRESH_DAYS)
      ? []
      : [`The evidence is stale: it is of ${report.judgedOn}, and today is ${today}.`]),
    ...(report.dirty ? ['The evidence is of sources that are in no commit.'] : []),
    ...(of === execution
      ? []
      : [`The evidence is stale: it is of ${of}, and this is execution ${execution}.`]),
  ];
}

/** The report has to be of exactly what is deployed: each template in its own place, and each file that goes beside them. */
function coverage(report: Report, { assembly, environment, folder }: Candidate): readonly string[] {
  const judged = new Map(report.templates.map((template) => [template.from, template]));
  const deployed = stacksOf(assembly).map(({ template }) => template);
  const shaOf = (...place: readonly string[]): string | undefined => {
    const file = path.join(...place);
    return fs.existsSync(file) ? sha256(fs.readFileSync(file)) : undefined;
  };
  const unseen = deployed.filter((template) => judged.get(template)?.sha256 !== shaOf(assembly, template));
  const exchanged = report.templates.filter((template) => template.sha256 !== shaOf(folder, template.file));
  return [
    ...(report.environments.some(({ name }) => name === environment)
      ? []
      : [`The evidence says nothing of ${environment}, which is released.`]),
    ...unseen.map(
      (template) =>
        `The evidence does not cover ${template} as it is deployed: it was not judged, or changed since.`,
    ),
    ...exchanged.map(({ path: stack }) => `The evidence holds another template of ${stack} than was judged.`),
    ...(report.templates.length > deployed.length
      ? [
          `The evidence speaks of ${report.templates.length} stacks, and ${deployed.length} are deployed: it is of another assembly.`,
        ]
      : []),
    ...uncoveredAssets(report, assembly),
  ];
}

function uncoveredAssets(report: Report, assembly: string): readonly string[] {
  const covered = new Map(report.assets.map(({ path: place, sha256: digest }) => [place, digest]));
  return assetsOf(assembly)
    .filter(({ path: place, sha256: digest }) => covered.get(place) !== digest)
    .map(
      ({ path: place }) =>
        `The evidence does not cover ${place} as it is deployed: it changed since the synth.`,
    );
}

/** Open findings anywhere refuse it: environments share their code, and the pipeline guards them all. */
function openness(report: Report, { today }: Candidate): readonly string[] {
  const open = report.findings.filter(({ state }) => state !== 'accepted');
  const ended = report.exceptions.filter(({ expires }) => expires < today);
  const refused = open.length > 0 || ended.length > 0;
  return [
    ...open.map(({ rule, resource, state }) => `A finding is ${state}: ${rule} at ${resource}.`),
    ...ended.map(
      ({ rule, path: place, expires, owner }) =>
        `The exception from ${rule} at ${place} ended on ${expires}; ${owner} answers for it.`,
    ),
    ...(report.verdict === 'fail' && !refused
      ? ['The verdict of the evidence is FAIL; its summary says why.']
      : []),
  ];
}
