import type { App } from 'aws-cdk-lib';
import type { Ledger } from '../../../lib/gate/ledger';
import { assemble, type ReportInputs } from '../../../lib/gate/report/assemble';
import type { Control, Report } from '../../../lib/gate/report/model';
import { ledgerOf, refusal } from '../support';

/** A report's inputs with nothing in them but what has to be there. */
export const INPUTS: ReportInputs = {
  system: 'telehealth-platform',
  version: '1.0.0',
  commit: '0'.repeat(40),
  dirty: false,
  places: new Map([['Dev', { account: '111111111111', region: 'us-east-1' }]]),
  problems: [],
  checks: new Map(),
  manual: { overdue: 'report', items: [] },
  phi: {
    columns: [],
    stores: [],
    flows: [],
    services: { listDated: '2026-11-01', source: 'a list', used: [] },
  },
  operational: [],
  templates: [],
  assets: [],
};

/** The ledger that an application leaves, whether its synth fails or not. */
export function judgedLedger(app: App): Ledger {
  refusal(app);
  return ledgerOf(app);
}

/** The report of an application. */
export function reportOf(app: App, inputs: Partial<ReportInputs> = {}): Report {
  return assemble(judgedLedger(app), { ...INPUTS, ...inputs });
}

/** One control of a report. */
export function controlOf({ controls }: Report, citation: string): Control {
  const control = controls.find((one) => one.citation === citation);
  if (!control) throw new Error(`there is no ${citation}`);
  return control;
}
