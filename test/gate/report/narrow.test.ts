import { environmentMeant, nameMeant, narrowTo } from '../../../lib/gate/report/narrow';
import { assemble } from '../../../lib/gate/report/assemble';
import { gatedApp, raw, stackIn } from '../support';
import { INPUTS, judgedLedger } from './support';

const app = gatedApp();
raw(stackIn(app, 'Dev'), 'Queue', 'AWS::SQS::Queue', { KmsMasterKeyId: 'key' });
raw(stackIn(app, 'DevTwo'), 'Queue', 'AWS::SQS::Queue', {});
const ledger = judgedLedger(app);

test('an environment is meant by its name or the last part of it, in any case', () => {
  expect(environmentMeant(ledger, 'dev')).toBe('Dev');
  expect(environmentMeant(ledger, 'DEVTWO')).toBe('DevTwo');
  expect(() => environmentMeant(ledger, 'prod')).toThrow(
    'There is no environment "prod", expected one of dev, devtwo.',
  );
});

test('a refusal offers what can be written, as short as it means one alone', () => {
  expect(nameMeant(['Local', 'Pipeline/Staging', 'pipeline'], 'pipeline/staging')).toBe('Pipeline/Staging');
  expect(() => nameMeant(['Local', 'Pipeline/Staging', 'pipeline'], 'nosuch')).toThrow(
    'There is no environment "nosuch", expected one of local, staging, pipeline.',
  );
  expect(() => nameMeant(['Prod', 'Pipeline/Prod', 'Dev'], 'nosuch')).toThrow(
    'expected one of Prod, Pipeline/Prod, dev.',
  );
});

test('the narrowed ledger says of one environment what the whole one says, and nothing of the other', () => {
  const narrowed = assemble(narrowTo(ledger, 'Dev'), INPUTS);
  const whole = assemble(ledger, INPUTS);
  expect(narrowed.environments.map(({ name }) => name)).toEqual(['Dev']);
  expect(narrowed.verdict).toBe('pass');
  expect(JSON.stringify(narrowed)).not.toContain('DevTwo');
  for (const { citation, statuses } of narrowed.controls)
    expect(statuses['Dev']).toEqual(whole.controls.find((c) => c.citation === citation)?.statuses['Dev']);
});

test('its counts are of its own resources, none lost', () => {
  for (const { counts } of narrowTo(ledger, 'DevTwo').rules)
    expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(1);
});
