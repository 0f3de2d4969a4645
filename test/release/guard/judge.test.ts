import type { TemplateResource } from '../../../lib/release/guard/model';
import { WAIVERS } from '../../../lib/release/guard/model';
import { guardText } from '../../../lib/release/guard/text';
import { change, findings, leave, look, TODAY } from '../support/change-sets';

describe('the way of the traffic', () => {
  const TYPES = [
    'AWS::ECS::Service',
    'AWS::ElasticLoadBalancingV2::Listener',
    'AWS::ElasticLoadBalancingV2::ListenerRule',
  ];

  test.each(TYPES)('a change of an %s needs leave, its first making does not', (type) => {
    const resources = { It: { Type: type } };
    expect(findings([change({ type })], resources, resources)).toEqual(['touch']);
    expect(findings([change({ type, replacement: 'True' })], resources, resources)).toEqual(['replace']);
    expect(findings([change({ type, action: 'Remove' })], resources, {})).toEqual(['remove']);
    expect(findings([change({ type, action: 'Add' })], {}, resources)).toEqual([]);
  });

  test('a target group may change, and may not be made anew', () => {
    const type = 'AWS::ElasticLoadBalancingV2::TargetGroup';
    const resources = { It: { Type: type } };
    expect(findings([change({ type })], resources, resources)).toEqual([]);
    expect(findings([change({ type, replacement: 'Conditional' })], resources, resources)).toEqual([
      'replace',
    ]);
  });

  test('while a deployment runs no way is added, and what it works with stays as it is', () => {
    const rule = { Rule: { Type: 'AWS::ElasticLoadBalancingV2::ListenerRule' } };
    const added = change({ id: 'Rule', type: rule.Rule.Type, action: 'Add' });
    expect(findings([added], {}, rule, 'd-RUNNING')).toEqual(['add']);
    for (const type of ['AWS::CodeDeploy::DeploymentGroup', 'AWS::ElasticLoadBalancingV2::TargetGroup']) {
      const resources = { It: { Type: type, Metadata: leave('touch') } };
      expect(findings([change({ type })], resources, resources)).toEqual([]);
      expect(look([change({ type })], resources, resources, 'd-RUNNING').passed).toBe(false);
    }
  });

  test('leave of more than a year, or approved by its own owner, is none', () => {
    const type = 'AWS::ElasticLoadBalancingV2::Listener';
    const passed = (Metadata: TemplateResource['Metadata']) => {
      const resources = { It: { Type: type, ...(Metadata && { Metadata }) } };
      return look([change({ type })], resources, resources).passed;
    };
    expect(passed(leave('touch', '2027-03-01'))).toBe(true);
    expect(passed(leave('touch', '2027-03-02'))).toBe(false);
    const [own] = leave('touch')[WAIVERS];
    expect(passed({ [WAIVERS]: [{ ...own, approvedBy: own?.owner }] })).toBe(false);
  });

  test('leave holds, but not while a deployment runs', () => {
    const type = 'AWS::ElasticLoadBalancingV2::Listener';
    const resources = { It: { Type: type, Metadata: leave('touch') } };
    expect(look([change({ type })], resources, resources).passed).toBe(true);
    const report = look([change({ type })], resources, resources, 'd-RUNNING');
    expect(report.passed).toBe(false);
    expect(guardText(report)).toContain('d-RUNNING moves the traffic now');
  });
});

describe('data', () => {
  const resources = { It: { Type: 'AWS::S3::Bucket' } };

  test.each([
    ['replace', { replacement: 'True' }],
    ['replace', { replacement: 'Conditional' }],
    ['delete', { action: 'Remove' }],
    ['delete', { action: 'Remove', policy: 'Retain' }],
  ] as const)('%s needs leave (%j)', (what, more) => {
    expect(findings([change(more)], resources, 'replacement' in more ? resources : {})).toEqual([what]);
  });

  test('a new bucket, or one that changes in place, needs none', () => {
    expect(findings([change({ action: 'Add' })], {}, resources)).toEqual([]);
    expect(findings([change({})], resources, resources)).toEqual([]);
  });

  test('what is removed has its waiver in what is deployed', () => {
    const before = { It: { Type: 'AWS::S3::Bucket', Metadata: leave('delete') } };
    expect(look([change({ action: 'Remove' })], before, {}).passed).toBe(true);
  });
});

describe('waivers', () => {
  const run = (metadata: TemplateResource['Metadata']) => {
    const resources = { It: { Type: 'AWS::RDS::DBCluster', ...(metadata && { Metadata: metadata }) } };
    return look([change({ type: 'AWS::RDS::DBCluster', replacement: 'True' })], resources, resources);
  };

  test('must name exactly the change', () => {
    expect(run(leave('replace')).passed).toBe(true);
    expect(run(leave('replac')).passed).toBe(false);
    expect(run(leave('delete')).passed).toBe(false);
  });

  test('hold on their last day, and are told when they have ended', () => {
    expect(run(leave('replace', TODAY)).passed).toBe(true);
    const report = run(leave('replace', '2026-02-28'));
    expect(report.passed).toBe(false);
    expect(report.findings[0]?.notAllowed).toContain('ended on 2026-02-28');
    expect(report.badWaivers).toHaveLength(1);
  });

  test('without an owner or a reason allow nothing', () => {
    const [one] = leave('replace')[WAIVERS];
    const { owner: _owner, ...rest } = { ...one!, reason: '' };
    const report = run({ [WAIVERS]: [rest] });
    expect(_owner).toBe('platform');
    expect(report.passed).toBe(false);
    expect(report.badWaivers[0]?.words).toBe('A waiver lacks reason, owner.');
  });
});

test('tells an approver what changes, by its place in the code', () => {
  const resources = {
    It: {
      Type: 'AWS::S3::Bucket',
      Metadata: { 'aws:cdk:path': 'Prod/Data/Uploads/Resource', ...leave('replace') },
    },
    Other: { Type: 'AWS::RDS::DBCluster' },
  };
  const report = look(
    [
      change({ replacement: 'True', properties: ['BucketName'] }),
      change({
        id: 'Other',
        type: 'AWS::RDS::DBCluster',
        replacement: 'Conditional',
        properties: ['Engine'],
      }),
    ],
    resources,
    resources,
  );
  expect(guardText(report)).toBe(
    [
      'S: 0 new, 2 changed (2 made anew), 0 removed.',
      '  modify AWS::S3::Bucket Prod/Data/Uploads/Resource made anew: BucketName',
      '  modify AWS::RDS::DBCluster Other perhaps made anew: Engine',
      'Data:',
      '  Prod/Data/Uploads/Resource (AWS::S3::Bucket)',
      '    It is made anew and empty since BucketName changes. What it holds is deleted, unless its deletion policy says otherwise.',
      '    allowed: a planned cut-over (REL-1, platform, approved by security-officer, until 2026-12-31)',
      '  Other (AWS::RDS::DBCluster)',
      '    It may be made anew and empty since Engine changes. What it holds is deleted, unless its deletion policy says otherwise.',
      '    not allowed: there is no waiver of "replace" beside it',
      'Refused: 1 changes need leave and have none.',
    ].join('\n'),
  );
});
