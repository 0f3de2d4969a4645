import * as fs from 'node:fs';
import * as path from 'node:path';
import { CATALOGUE } from '../catalogue';
import { type Estate, estateOf, type StackTemplate } from '../estate/estate';
import type { Ledger } from '../ledger';
import { phiMapOf } from '../phi/map';
import { assemble, type ReportInputs } from '../report/assemble';
import { environmentOfStage } from '../report/environments';
import { readManualRecord } from '../report/manual';
import { environmentMeant, narrowTo } from '../report/narrow';
import { type Diff, type PhiMap, type Report } from '../report/model';
import { readAssembly } from './assembly';
import { assetsOf } from './assets';
import { writeForms } from './forms';

/** Name of the folder in a cloud assembly that every synth writes. */
export const EVIDENCE_FOLDER = 'evidence';

/** The template of a stack, or undefined where there is none. */
export type TemplateOf = (stack: string) => Readonly<Record<string, unknown>> | undefined;

/** What the entry point knows and an assembly does not. */
export type Surroundings = Pick<
  ReportInputs,
  'system' | 'version' | 'commit' | 'dirty' | 'execution' | 'checks' | 'operational'
> & {
  /** Files of operation that go along, by their names in the evidence. */
  readonly collected: ReadonlyMap<string, string>;
  /** The record of manual evidence, as text. */
  readonly manual: string;
  /** The one environment to speak of; all of them when it is absent. */
  readonly environment?: string;
  /**
   * Each environment as the gate saw it, by the construct path of its stage, when this process has just run the gate.
   * Without it they are put together from the templates.
   */
  readonly estates?: () => ReadonlyMap<string, Estate>;
  /** Compares with an earlier release; handed in, since only some who write also compare. */
  readonly compare?: (report: Report, templateOf: TemplateOf) => Diff;
};

/** What was written. */
export interface WrittenEvidence {
  /** The report. */
  readonly report: Report;
  /** Names of the files in the folder, sorted. */
  readonly files: readonly string[];
}

/** The map of health data, of the environments as the gate saw them or from the templates that were judged. */
function phiOf(
  assembly: string,
  ledger: Ledger,
  places: ReportInputs['places'],
  seen: ReadonlyMap<string, Estate> = new Map(),
): PhiMap {
  const stages = new Map(ledger.resources.map(({ stack, stage }) => [stack, stage]));
  const own = [...new Set(ledger.stacks.flatMap(({ path: stack }) => stages.get(stack) ?? []))];
  const estates = own.every((stage) => seen.has(stage)) ? seen : estatesOf(assembly, ledger, places);
  return phiMapOf(
    new Map(
      own.flatMap((stage) => {
        const estate = estates.get(stage);
        return estate ? [[environmentOfStage(stage), estate]] : [];
      }),
    ),
  );
}

/** Each environment from its templates, by the construct path of its stage. */
function estatesOf(
  assembly: string,
  ledger: Ledger,
  places: ReportInputs['places'],
): ReadonlyMap<string, Estate> {
  const paths = new Map(
    ledger.resources.map(({ stack, logicalId, path: place }) => [`${stack}\n${logicalId}`, place]),
  );
  const stages = new Map(ledger.resources.map(({ stack, stage }) => [stack, stage]));
  const environments = new Map<string, StackTemplate[]>();
  for (const { path: stack, template } of ledger.stacks) {
    const stage = stages.get(stack);
    if (stage === undefined) continue;
    const { account, region } = places.get(environmentOfStage(stage)) ?? {};
    environments.set(stage, [
      ...(environments.get(stage) ?? []),
      {
        path: stack,
        ...(account !== undefined && !account.startsWith('unknown') && { account }),
        ...(region !== undefined && !region.startsWith('unknown') && { region }),
        template: JSON.parse(fs.readFileSync(path.join(assembly, template), 'utf8')) as Record<
          string,
          unknown
        >,
        pathOf: (logicalId) => paths.get(`${stack}\n${logicalId}`),
      },
    ]);
  }
  return new Map([...environments].map(([stage, stacks]) => [stage, estateOf(stacks)]));
}

/**
 * Writes the evidence of one assembly: the report and every form of it. What stood in the folder before is removed.
 * @param assembly - the cloud assembly folder
 * @param folder - where the evidence goes
 * @throws Error when the assembly did not go through the gate
 * @throws ManualRecordError when the record of manual evidence is wrong
 */
export function writeEvidence(assembly: string, folder: string, surroundings: Surroundings): WrittenEvidence {
  const { manual, environment, compare, collected, estates, ...known } = surroundings;
  const { ledger: judged, ...read } = readAssembly(assembly);
  const ledger = environment === undefined ? judged : narrowTo(judged, environmentMeant(judged, environment));
  const templates = ledger.stacks.map(({ path: stack, template, sha256 }) => ({
    path: stack,
    file: `templates/${stack.replaceAll('/', '-')}.template.json`,
    from: template,
    sha256,
  }));
  const alone = assemble(ledger, {
    ...known,
    ...read,
    manual: readManualRecord(manual, new Map(CATALOGUE.map(({ citation, cadence }) => [citation, cadence]))),
    phi: phiOf(assembly, ledger, read.places, estates?.()),
    templates,
    assets: assetsOf(assembly),
  });
  const report: Report =
    compare === undefined
      ? alone
      : {
          ...alone,
          diff: compare(alone, (stack) => {
            const found = templates.find((template) => template.path === stack);
            return (
              found &&
              (JSON.parse(fs.readFileSync(path.join(assembly, found.from), 'utf8')) as Record<
                string,
                unknown
              >)
            );
          }),
        };
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder, { recursive: true });
  const copied = [
    ...templates.map(({ from, file }) => [file, path.join(assembly, from)] as const),
    ...collected,
  ];
  for (const [file, from] of copied) {
    fs.mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    fs.copyFileSync(from, path.join(folder, file));
  }
  const written = [...writeForms(report, folder), ...copied.map(([file]) => file)];
  return { report, files: written.sort() };
}
