import { type App, CfnParameter, Stack, Stage } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { HIPAA_RULES } from '../../lib/gate/catalogue/hipaa-rules';
import { TEMPLATE_RULES } from '../../lib/gate/template-rules';
import { PLANTED } from './planted-violations';
import { RULE_CASES } from './rule-cases';
import { gatedApp, ledgerOf, raw, refusal } from './support';

const of = (app: App): Stage => (app.node.tryFindChild('Dev') as Stage | undefined) ?? new Stage(app, 'Dev');

/** The open findings of an application that the gate refused, as `rule at path`. */
function open(app: App): Set<string> {
  expect(refusal(app)).not.toBe('');
  return new Set(
    ledgerOf(app)
      .evaluations.filter((e) => e.result !== 'compliant' && e.acceptedAt === undefined)
      .map(({ rule, path }) => `${rule} at ${path}`),
  );
}

test('each of the 90 rules of cdk-nag finds its planted violation in a stage, written without the class of its type', () => {
  const app = gatedApp();
  for (const [rule, { type, properties }] of Object.entries(PLANTED)) {
    const stack = new Stack(of(app), rule);
    if (rule === 'VPCDefaultSecurityGroupClosed')
      new ec2.CfnVPC(stack, 'Planted', { cidrBlock: '10.0.0.0/16' });
    else raw(stack, 'Planted', type, { ...properties });
  }
  const found = open(app);
  const { rules } = ledgerOf(app);
  const hipaa = rules.filter(({ plugin }) => plugin === 'HIPAA.Security').map(({ id }) => id);
  expect(Object.keys(PLANTED).sort()).toEqual(hipaa.sort());
  expect(HIPAA_RULES).toEqual(hipaa.sort());
  expect(hipaa).toHaveLength(90);
  expect(hipaa.filter((rule) => !found.has(`${rule} at Dev/${rule}/Planted`))).toEqual([]);
});

test('each template rule finds its planted violation in a stage', () => {
  const app = gatedApp();
  const expected = RULE_CASES.map(({ rule, type, bad, good, beside, production = false }, index) => {
    const stack = new Stack(of(app), `Case${index}`, { terminationProtection: production });
    for (const parameter of ['Key', 'Other', 'Function'].filter((id) => !(id in (beside ?? {}))))
      new CfnParameter(stack, parameter);
    for (const [n, properties] of good.entries()) raw(stack, `Good${n}`, type, { ...properties });
    for (const [id, [other, properties]] of Object.entries(beside ?? {}))
      raw(stack, id, other, { ...properties });
    return `${rule} at ${raw(stack, 'Planted', type, { ...bad[0] }).node.path}`;
  });
  const several = new Stack(of(app), 'Several', { terminationProtection: true });
  new sqs.CfnQueue(several, 'Queue');
  raw(several, 'Bucket', 'AWS::S3::Bucket', {});
  raw(several, 'Function', 'AWS::Lambda::Function', {});
  const beyond = {
    TemplateTags: 'Queue',
    TemplateS3TlsOnly: 'Bucket',
    TemplateStatefulKept: 'Bucket',
    TemplateLambdaLogGroup: 'Function',
  };
  expected.push(...Object.entries(beyond).map(([rule, id]) => `${rule} at Dev/Several/${id}`));
  const found = open(app);
  expect(expected.filter((line) => !found.has(line))).toEqual([]);
  expect([...new Set(expected.map((line) => line.split(' at ', 1)[0]))].sort()).toEqual(
    TEMPLATE_RULES.map(({ id }) => id).sort(),
  );
});
