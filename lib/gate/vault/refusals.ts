import * as fs from 'node:fs';
import * as path from 'node:path';
import { sha256 } from '../chain/canonical';
import type { Finding } from '../chain/model';
import { stacksOf } from '../cloud-assembly';
import { readEvidence } from '../evidence/read';
import type { Report } from '../report/model';
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
 * execution or template, that leaves out a stack of the assembly or a rule, that contradicts itself, or that is not free of
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

function staleness(report: Report, { commit, execution }: Candidate): readonly string[] {
  const of = report.execution?.id ?? 'no execution of the pipeline';
  return [
    ...(report.commit === commit
      ? []
      : [`The evidence is stale: it is of commit ${report.commit}, and ${commit} is released.`]),
    ...(report.dirty ? ['The evidence is of sources that are in no commit.'] : []),
    ...(of === execution
      ? []
      : [`The evidence is stale: it is of ${of}, and this is execution ${execution}.`]),
  ];
}

/** The report has to be of exactly the templates that are deployed, each of them. */
function coverage(report: Report, { assembly, environment }: Candidate): readonly string[] {
  const judged = new Set(report.templates.map(({ sha256: hash }) => hash));
  const deployed = stacksOf(assembly).map(({ template }) => template);
  const unseen = deployed.filter(
    (template) => !judged.has(sha256(fs.readFileSync(path.join(assembly, template)))),
  );
  return [
    ...(report.environments.some(({ name }) => name === environment)
      ? []
      : [`The evidence says nothing of ${environment}, which is released.`]),
    ...unseen.map(
      (template) =>
        `The evidence does not cover ${template} as it is deployed: it was not judged, or changed since.`,
    ),
    ...(report.templates.length > deployed.length
      ? [
          `The evidence speaks of ${report.templates.length} stacks, and ${deployed.length} are deployed: it is of another assembly.`,
        ]
      : []),
  ];
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
