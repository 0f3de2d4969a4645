import * as fs from 'node:fs';
import * as path from 'node:path';
import type { App } from 'aws-cdk-lib';
import { verdictLine } from '../../lib/gate/evidence/verdict';
import { EVIDENCE_FOLDER, type Surroundings, writeEvidence } from '../../lib/gate/evidence/write';
import { LEDGER_FILE } from '../../lib/gate/ledger';

/**
 * Synthesises, and writes the evidence into the assembly whatever the gate said: a refusal is evidence too. One line on
 * the error stream tells the verdict; a report that fails makes the process end with a code of its own.
 * @throws Error what the synth threw
 */
export function synthesiseWithEvidence(app: App, surroundings: Surroundings): void {
  const folder = path.join(app.outdir, EVIDENCE_FOLDER);
  // Whatever ends before the gate has judged leaves no evidence of an earlier synth.
  fs.rmSync(path.join(app.outdir, LEDGER_FILE), { force: true });
  fs.rmSync(folder, { recursive: true, force: true });
  try {
    app.synth();
  } finally {
    if (fs.existsSync(path.join(app.outdir, LEDGER_FILE))) write(app.outdir, folder, surroundings);
  }
}

function write(assembly: string, folder: string, surroundings: Surroundings): void {
  const { report } = writeEvidence(assembly, folder, surroundings);
  console.error(`${verdictLine(report)} ${path.relative(process.cwd(), folder)}`);
  if (report.verdict === 'fail') process.exitCode = 1;
}
