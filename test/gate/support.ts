import { App, CfnResource, Stack, Stage, Tags } from 'aws-cdk-lib';
import * as fs from 'node:fs';
import * as path from 'node:path';
import cdkJson from '../../cdk.json';
import { applyGate } from '../../lib/gate';
import type { Acceptance } from '../../lib/gate';
import { type Ledger, LEDGER_FILE, ledgerSchema } from '../../lib/gate/ledger';
import { REQUIRED_TAGS } from '../../lib/gate/template-rules/tags';

/** The day that these tests are judged by. */
export const TODAY = '2026-11-23';

/** An acceptance with nothing wrong in it. */
export const ACCEPTANCE: Acceptance = {
  reason: 'The rule does not fit what this resource is made for, as an auditor can see',
  owner: 'platform-engineering',
  approvedBy: 'security-officer',
  ticket: 'HIPAA-12',
  expires: '2027-10-31',
  compensatingControl: 'Something else protects it as well',
};

/** An application with the context of the real one, its gate registered. */
export function gatedApp(whole = true): App {
  const app = new App({ context: cdkJson.context, builtinCloudFormationValidation: false });
  applyGate(app, { today: TODAY, whole });
  return app;
}

/** A tagged stack in a stage of its own. */
export function stackIn(app: App, stage = 'Dev', production = false): Stack {
  const stack = new Stack(new Stage(app, stage), 'Data', { terminationProtection: production });
  for (const key of REQUIRED_TAGS) Tags.of(stack).add(key, 'test');
  return stack;
}

/** A raw resource, which cdk-nag does not see. */
export function raw(
  stack: Stack,
  id: string,
  type: string,
  properties: Record<string, unknown>,
): CfnResource {
  return new CfnResource(stack, id, { type, properties });
}

/** What the synth says when it fails; empty when it passes. */
export function refusal(app: App): string {
  try {
    app.synth();
    return '';
  } catch (error) {
    return String(error);
  }
}

/** The ledger that a synth left. */
export function ledgerOf(app: App): Ledger {
  return ledgerSchema.parse(JSON.parse(fs.readFileSync(path.join(app.outdir, LEDGER_FILE), 'utf8')));
}
