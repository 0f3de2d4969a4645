import { type App, Validations } from 'aws-cdk-lib';
import { FAIL_SYNTH_ON_VALIDATION_ERRORS_CONTEXT } from 'aws-cdk-lib/cx-api';
import { isDay } from '../shared/days';
import { AcceptancePlugin } from './acceptance-plugin';
import type { Estate } from './estate/estate';
import { Evidence } from './evidence';
import { RecordingHipaaPack } from './hipaa-pack';
import { TemplateRulesPlugin } from './template-plugin';

export { accept, type Acceptance } from './acceptance';
export { allowChange } from './allow-change';
export { explainWildcard } from './template-rules/wildcards';

/** What the gate is told by the entry point. */
export interface GateProps {
  /** The day that acceptances are judged by; a date as `YYYY-MM-DD` or a point in time. */
  readonly today: Date | string;
  /**
   * Whether every environment is in this synth; a part of them cannot show that an acceptance is stale.
   * @default true
   */
  readonly whole?: boolean;
}

/**
 * Registers the gate on the application, once: it covers every stage and the pipeline. A finding that nobody accepted,
 * or an acceptance that does not hold, fails the synth; the ledger of every evaluation stands in the cloud assembly.
 * Call it before anything is added to the application.
 * @returns each environment as the gate saw it, by the construct path of its stage; empty before the synth
 * @throws Error when the application already has stages or stacks, or the day is none
 */
export function applyGate(app: App, props: GateProps): () => ReadonlyMap<string, Estate> {
  // The CLI judges the stacks that it was asked for and drops every other finding; an application of stages only
  // would pass whatever was found. With this the application itself fails, whatever is selected or ignored.
  app.node.setContext(FAIL_SYNTH_ON_VALIDATION_ERRORS_CONTEXT, true);
  // The zones stand in the configuration, so that synth looks nothing up; the linter would say so for every subnet.
  Validations.of(app).acknowledge({
    id: 'CloudFormation-Validate::W3010',
    reason: 'Availability zones are configured: synth looks nothing up.',
  });
  const evidence = new Evidence();
  const today = typeof props.today === 'string' ? props.today : props.today.toISOString().slice(0, 10);
  if (!isDay(today)) throw new Error(`The day that the gate judges by is "${today}", expected YYYY-MM-DD.`);
  Validations.of(app).addPlugins(
    new RecordingHipaaPack(evidence),
    new TemplateRulesPlugin(evidence),
    new AcceptancePlugin({ evidence, app, today, whole: props.whole ?? true }),
  );
  return () => evidence.estates;
}
