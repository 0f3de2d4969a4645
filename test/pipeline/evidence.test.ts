import { Stage } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { loadConfiguration, written } from '../../lib/config/load';
import { EvidenceVault } from '../../lib/pipeline/evidence-vault';
import { PipelineStack } from '../../lib/pipeline/pipeline-stack';
import { testApp } from '../support/app';
import { platformTemplate } from '../support/platform';

/** The pipeline under other settings of its evidence, with production alone. */
function pipelineWith(evidence: object): PipelineStack {
  const { prod } = written.environments;
  const pipeline = { ...written.pipeline, evidence };
  const configuration = loadConfiguration({ ...written, environments: { prod }, pipeline });
  return new PipelineStack(testApp(), 'Pipeline', { configuration, commit: 'c' });
}
const templateWith = (evidence: object): Template => Template.fromStack(pipelineWith(evidence));
const template = platformTemplate('Pipeline');
const roleLike = (id: string) => ({ 'Fn::GetAtt': [Match.stringLikeRegexp(`^Evidence${id}`), 'Arn'] });
const WRITERS = ['Sealer', 'PublisherStaging', 'PublisherProd'].map(roleLike);
const CFN = 'arn:aws:iam::444444444444:role/cdk-hnb659fds-cfn-exec-role-444444444444-us-east-1';

interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Principal?: unknown;
  readonly Resource?: unknown;
  readonly Condition?: unknown;
}
const [bucketId, bucket] = Object.entries(
  template.findResources('AWS::S3::Bucket', { Properties: { ObjectLockEnabled: true } }),
)[0] as [string, { readonly DeletionPolicy: string; readonly Properties: Record<string, unknown> }];
const bucketStatements = (
  Object.values(
    template.findResources('AWS::S3::BucketPolicy', { Properties: { Bucket: { Ref: bucketId } } }),
  )[0] as {
    Properties: { PolicyDocument: { Statement: Statement[] } };
  }
).Properties.PolicyDocument.Statement;
const said = (sid: string): Statement | undefined => bucketStatements.find(({ Sid }) => Sid === sid);

/** The roles of the vault that a denial does not mean. */
function rolesExcepted(statement: Statement | undefined): readonly string[] {
  const { ArnNotEquals: condition } = statement?.Condition as {
    ArnNotEquals: { 'aws:PrincipalArn': object | object[] };
  };
  return [condition['aws:PrincipalArn']].flat().map((role) => roleOf(role));
}
/** The part of a role's logical id that tells what it does. */
const roleOf = (arn: object): string => /"Evidence(\w+?)[0-9A-F]{8}"/.exec(JSON.stringify(arn))?.[1] ?? '';

test('the bucket keeps every object for six years, versioned, encrypted, logged, and stays when the stack goes', () => {
  expect(bucket.DeletionPolicy).toBe('Retain');
  expect(bucket.Properties).toMatchObject({
    VersioningConfiguration: { Status: 'Enabled' },
    ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 2193 } } },
    LoggingConfiguration: { LogFilePrefix: 's3/evidence/' },
    PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
  });
  expect(JSON.stringify(bucket.Properties['BucketEncryption'])).toMatch(/EvidenceKeysEncryption.*aws:kms/);
  expect(JSON.stringify(bucket.Properties['LifecycleConfiguration'])).not.toMatch(/Expiration/);
});

test('any six years from any day are shorter than the lock', () => {
  const days = [...Array(1461).keys()].map((day) => new Date(Date.UTC(2026, 0, 1 + day)));
  const longest = Math.max(
    ...days.map((from) => {
      const to = new Date(from);
      to.setUTCFullYear(to.getUTCFullYear() + 6);
      return (to.getTime() - from.getTime()) / 86_400_000;
    }),
  );
  expect(longest).toBeLessThanOrEqual(2193);
});

test('nobody deletes, only the evidence steps write, nothing is overwritten, and only deployments change settings', () => {
  const everybody = { Effect: 'Deny', Principal: { AWS: '*' } };
  expect(said('NobodyDeletes')).toMatchObject(everybody);
  expect(said('NobodyDeletes')?.Condition).toBeUndefined();
  expect(said('NobodyDeletes')?.Action).toEqual(
    expect.arrayContaining([
      's3:DeleteObject',
      's3:DeleteObjectVersion',
      's3:BypassGovernanceRetention',
      's3:DeleteBucket',
    ]),
  );
  expect(said('OnlyWritersWrite')).toMatchObject({
    ...everybody,
    Action: expect.arrayContaining(['s3:PutObject', 's3:PutObjectRetention']) as string[],
  });
  expect(rolesExcepted(said('OnlyWritersWrite'))).toEqual(['Sealer', 'PublisherStaging', 'PublisherProd']);
  expect(said('NothingIsOverwritten')).toMatchObject({
    ...everybody,
    Action: 's3:PutObject',
    Condition: { Null: { 's3:if-none-match': 'true' }, Bool: { 's3:ObjectCreationOperation': 'true' } },
  });
  expect(said('OnlyDeploymentsChangeSettings')).toMatchObject({
    ...everybody,
    Action: expect.arrayContaining([
      's3:PutBucketPolicy',
      's3:DeleteBucketPolicy',
      's3:PutBucketObjectLockConfiguration',
    ]) as string[],
    Condition: { ArnNotEquals: { 'aws:PrincipalArn': CFN } },
  });
  expect(bucketStatements.filter(({ Effect }) => Effect === 'Allow')).toEqual([]);
  expect(
    bucketStatements.some(({ Condition }) =>
      JSON.stringify(Condition).includes('"aws:SecureTransport":"false"'),
    ),
  ).toBe(true);
});

test('the signing key is of P-256; the evidence steps alone sign, and the account may verify', () => {
  template.hasResource('AWS::KMS::Key', {
    DeletionPolicy: 'Retain',
    Properties: {
      KeySpec: 'ECC_NIST_P256',
      KeyUsage: 'SIGN_VERIFY',
      KeyPolicy: {
        Statement: [
          Match.objectLike({ Sid: 'AdministerWithoutSigning', Effect: 'Allow' }),
          Match.objectLike({ Effect: 'Allow', Action: 'kms:Sign', Principal: { AWS: WRITERS.toReversed() } }), // The library sorts them.
          Match.objectLike({
            Effect: 'Deny',
            Action: ['kms:CreateGrant', 'kms:Sign'],
            Principal: { AWS: '*' },
            Condition: { ArnNotEquals: { 'aws:PrincipalArn': WRITERS } },
          }),
          Match.objectLike({
            Action: ['kms:DescribeKey', 'kms:GetPublicKey', 'kms:Verify'],
            Condition: { StringEquals: { 'aws:PrincipalAccount': '444444444444' } },
          }),
        ],
      },
    },
  });
  const [key] = Object.values(
    template.findResources('AWS::KMS::Key', { Properties: { KeySpec: 'ECC_NIST_P256' } }),
  ) as {
    Properties: { KeyPolicy: { Statement: Statement[] } };
  }[];
  const administered = key!.Properties.KeyPolicy.Statement[0]!.Action as string[];
  expect(administered.filter((action) => /Sign|\*|CreateGrant/.test(action))).toEqual([]);
});

/** Every statement that allows something, of the policies of a role, by the role's logical id. */
function allowedTo(from: Template, role: RegExp): readonly Statement[] {
  return Object.values(from.findResources('AWS::IAM::ManagedPolicy'))
    .map(
      (policy) =>
        (policy as { Properties: { Roles?: object; PolicyDocument: { Statement: Statement[] } } }).Properties,
    )
    .filter(({ Roles }) => role.test(JSON.stringify(Roles ?? '')))
    .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
    .filter(({ Effect }) => Effect === 'Allow');
}
const actionsOf = (from: Template, role: RegExp): readonly string[] =>
  allowedTo(from, role).flatMap(({ Action }) => Action);
/** What a role may do to evidence and its keys; a build's own logs and artifacts are not meant. */
const CHANGES = /^(s3:(Put|Delete|Bypass|Restore)|kms:(Sign|Put|Create|Schedule|Disable))/;

test('the verifier and the officer read, and change nothing', () => {
  const officer = actionsOf(template, /EvidenceOfficerRole/);
  expect(officer).toEqual(
    expect.arrayContaining([
      's3:GetObjectVersion',
      's3:GetObjectRetention',
      's3:ListBucketVersions',
      'kms:GetPublicKey',
      'kms:Decrypt',
    ]),
  );
  expect(officer.filter((action) => CHANGES.test(action))).toEqual([]);
  expect(actionsOf(template, /EvidenceVerifier/)).not.toContain('kms:Sign');
  expect(actionsOf(template, /EvidenceSealer/)).toEqual(expect.arrayContaining(['s3:PutObject', 'kms:Sign']));
});

/** The folders of the vault that a role may write to. */
const foldersOf = (role: RegExp): readonly string[] =>
  allowedTo(template, role)
    .filter(({ Action }) => [Action].flat().includes('s3:PutObject'))
    .flatMap(({ Resource }) => [Resource].flat())
    .map((resource) => JSON.stringify(resource))
    .filter((resource) => resource.includes(bucketId))
    .map((resource) => /"(\/[^"]*)"\]\]}$/.exec(resource)?.[1] ?? resource);

test('what is sealed before an approval cannot pass for a release: only the stage’s publisher tells which evidence is one', () => {
  expect(foldersOf(/EvidenceSealer/)).toEqual(['/releases/*']);
  for (const stage of ['Staging', 'Prod']) {
    const objects = `/baselines/Pipeline/${stage}/*`;
    expect(foldersOf(new RegExp(`EvidencePublisher${stage}`))).toEqual(['/releases/*', objects]);
    const refused = said(`OnlyPublisher${stage}Tells`);
    expect(refused).toMatchObject({ Effect: 'Deny', Principal: { AWS: '*' } });
    expect([refused?.Action].flat()).toContain('s3:PutObject');
    expect(JSON.stringify(refused?.Resource)).toContain(`"${objects}"`);
    expect(rolesExcepted(refused)).toEqual([`Publisher${stage}`]);
  }
});

test('a publisher’s role is that of its stage’s publishing alone, and the sealer’s that of sealing', () => {
  const users = Object.entries(template.findResources('AWS::CodeBuild::Project'))
    .map(([id, { Properties }]) => ({
      id,
      role: roleOf((Properties as { ServiceRole: object }).ServiceRole),
    }))
    .filter(({ role }) => /^(Sealer|Publisher)/.test(role))
    .map(({ id, role }) => `${role}: ${/(Seal|(Staging|Prod)PublishEvidence)/.exec(id)?.[1] ?? id}`);
  expect(users.sort()).toEqual([
    'PublisherProd: ProdPublishEvidence',
    'PublisherStaging: StagingPublishEvidence',
    'Sealer: Seal',
  ]);
});

test('a stage that the vault was not made for has no publisher, which is said', () => {
  const stack = pipelineWith({});
  const vault = stack.node.findAll().find((node) => node instanceof EvidenceVault);
  expect(() => vault?.publisher(new Stage(stack, 'Dev'))).toThrow(
    'The vault Pipeline/Evidence has no publisher for Pipeline/Dev: name Dev in its stages (Prod).',
  );
});

test('the officer comes by the identity provider, or by a second factor, or there is no such role', () => {
  template.hasResourceProperties('AWS::IAM::Role', {
    MaxSessionDuration: 3600,
    AssumeRolePolicyDocument: {
      Statement: [
        Match.objectLike({
          Action: 'sts:AssumeRoleWithSAML',
          Principal: { Federated: 'arn:aws:iam::444444444444:saml-provider/workforce' },
          Condition: { StringEquals: { 'SAML:aud': 'https://signin.aws.amazon.com/saml' } },
        }),
      ],
    },
  });
  const user = 'arn:aws:iam::444444444444:user/officer';
  templateWith({ officers: { principals: [user] } }).hasResourceProperties('AWS::IAM::Role', {
    AssumeRolePolicyDocument: {
      Statement: [
        Match.objectLike({
          Action: 'sts:AssumeRole',
          Principal: { AWS: user },
          Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
        }),
      ],
    },
  });
  expect(JSON.stringify(templateWith({}).toJSON())).not.toContain('EvidenceOfficerRole');
});

test('the configuration keeps evidence for six years at least', () => {
  expect(() => templateWith({ years: 5 })).toThrow(/pipeline\.evidence\.years[^]*at least 6/);
  expect(() => templateWith({ officers: { samlProvider: 'okta' } })).toThrow(
    /the ARN of a SAML provider in IAM/,
  );
});

interface Action {
  readonly Name: string;
  readonly RunOrder: number;
  readonly InputArtifacts?: readonly unknown[];
  readonly Configuration: { readonly EnvironmentVariables?: string };
}
const stages = (
  Object.values(template.findResources('AWS::CodePipeline::Pipeline'))[0] as {
    Properties: { Stages: readonly { Name: string; Actions: readonly Action[] }[] };
  }
).Properties.Stages;

/** The environments that the evidence steps of a stage ask for, as their projects are told. */
function environmentsAsked(stage: string): readonly string[] {
  const projects = Object.entries(template.findResources('AWS::CodeBuild::Project')) as [
    string,
    { Properties: { Environment: { EnvironmentVariables?: { Name: string; Value: string }[] } } },
  ][];
  return projects
    .filter(([id]) => new RegExp(`${stage}(Verify|Publish)Evidence`).test(id))
    .flatMap(([, { Properties }]) => Properties.Environment.EnvironmentVariables ?? [])
    .filter(({ Name }) => Name === 'ENVIRONMENT')
    .map(({ Value }) => Value);
}

test.each(['Staging', 'Prod'])(
  'in %s nothing is deployed before the evidence is verified, and the last action publishes',
  (name) => {
    const actions = stages.find(({ Name }) => Name === name)!.Actions;
    const turn = (action: string): number => actions.find(({ Name }) => Name === action)!.RunOrder;
    const deploys = actions.filter(({ Name }) => Name.includes('.')).map(({ RunOrder }) => RunOrder);
    expect(turn('VerifyEvidence')).toBeLessThan(Math.min(...deploys));
    expect(turn('PublishEvidence')).toBe(Math.max(...actions.map(({ RunOrder }) => RunOrder)));
    if (name === 'Prod') expect(turn('VerifyEvidence')).toBeGreaterThan(turn('ApproveProd'));
    // CodePipeline gives an action five inputs at most.
    for (const { InputArtifacts = [] } of actions) expect(InputArtifacts.length).toBeLessThanOrEqual(5);
    expect(environmentsAsked(name)).toEqual([`Pipeline/${name}`, `Pipeline/${name}`]);
    for (const action of ['VerifyEvidence', 'PublishEvidence']) {
      const variables = actions.find(({ Name }) => Name === action)?.Configuration.EnvironmentVariables ?? '';
      expect(variables).toContain('#{Evidence@Seal.EVIDENCE}');
      expect(variables).toContain('#{codepipeline.PipelineExecutionId}');
    }
  },
);
