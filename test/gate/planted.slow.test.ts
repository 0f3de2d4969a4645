import { App } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import cdkJson from '../../cdk.json';
import { loadConfiguration } from '../../lib/config/load';
import { applyGate } from '../../lib/gate';
import { EXCEPTABLE_HIPAA_RULES } from '../../lib/gate/acceptance-checks';
import { PipelineStack } from '../../lib/pipeline/pipeline-stack';
import { buildPlatform } from '../../lib/platform-app';
import { PlatformStage, stageId } from '../../lib/platform-stage';
import { ledgerOf, raw, refusal, TODAY } from './support';

const configuration = loadConfiguration();
const environments = Object.values(configuration.environments);
const commit = '0'.repeat(40);

function estate(): App {
  const app = new App({ context: cdkJson.context, builtinCloudFormationValidation: false });
  applyGate(app, { today: TODAY });
  return app;
}

test('every environment and the pipeline stand at no open finding', () => {
  const app = estate();
  buildPlatform(app, { configuration, commit });
  expect(refusal(app)).toBe('');
  const { acceptances, evaluations, stacks, rules } = ledgerOf(app);
  expect(stacks.length).toBe(environments.length * 5 + 1);
  expect(evaluations.length).toBeGreaterThan(2000);
  expect(rules.filter(({ plugin }) => plugin === 'HIPAA.Security').length).toBeGreaterThan(85);
  const hipaa = new Set(acceptances.map(({ rule }) => rule).filter((rule) => !rule.startsWith('Template')));
  expect([...hipaa].filter((rule) => !EXCEPTABLE_HIPAA_RULES.includes(rule))).toEqual([]);
});

test('a violation in any stage, in any of its stacks, or in the pipeline turns the synth red', () => {
  const app = estate();
  const places: string[] = [];
  for (const environment of environments) {
    const stage = new PlatformStage(app, stageId(environment), { environment, commit });
    for (const stack of [stage.network, stage.auth, stage.data, stage.app, stage.video])
      places.push(raw(stack, 'Planted', 'AWS::S3::Bucket', {}).node.path);
    const hidden = new s3.CfnBucket(stage.data, 'Hidden', { versioningConfiguration: { status: 'Enabled' } });
    hidden.addPropertyOverride('VersioningConfiguration.Status', 'Suspended');
    places.push(hidden.node.path);
  }
  const pipeline = new PipelineStack(app, 'Pipeline', { configuration, commit });
  places.push(raw(pipeline, 'Planted', 'AWS::S3::Bucket', {}).node.path);
  expect(refusal(app)).toContain('TemplateS3Versioned');
  const open = ledgerOf(app).evaluations.filter(
    ({ rule, acceptedAt }) => rule === 'TemplateS3Versioned' && acceptedAt === undefined,
  );
  expect(
    open
      .filter(({ result }) => result === 'non-compliant')
      .map(({ path }) => path)
      .sort(),
  ).toEqual(places.sort());
});
