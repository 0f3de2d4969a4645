import { type App, Validations } from 'aws-cdk-lib';
import { HIPAASecurityChecks } from 'cdk-nag';

export { accept, type Acceptance } from './acceptance';

/** What the gate is told by the entry point. */
export interface GateProps {
  /** The day that acceptances are judged by; a date as `YYYY-MM-DD` or a point in time. */
  readonly today: Date | string;
}

/** Registers the gate on the application, once: it covers every stage and the pipeline. */
export function applyGate(app: App, _props: GateProps): void {
  Validations.of(app).addPlugins(new HIPAASecurityChecks(app, { verbose: true }));
}
