import { RemovalPolicy } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { HIPAA_RULES } from '../../lib/gate/catalogue/hipaa-rules';
import { JUDGED_ALONE } from '../../lib/gate/rendered';
import { gatedApp, ledgerOf, raw, refusal, stackIn } from './support';

/** What the 90 rules say of a resource, by rule; what did not apply is left out. */
function verdicts(app: ReturnType<typeof gatedApp>, place: string): Record<string, string> {
  return Object.fromEntries(
    ledgerOf(app)
      .evaluations.filter((e) => e.plugin === 'HIPAA.Security' && e.path === place)
      .map(({ rule, result }) => [rule, result]),
  );
}

test('the 90 rules judge a raw resource as they judge a construct of its type', () => {
  const app = gatedApp();
  const stack = stackIn(app);
  new s3.CfnBucket(stack, 'Typed');
  raw(stack, 'Raw', 'AWS::S3::Bucket', {});
  refusal(app);
  expect(verdicts(app, 'Dev/Data/Raw')).toEqual(verdicts(app, 'Dev/Data/Typed'));
  expect(Object.keys(verdicts(app, 'Dev/Data/Raw'))).toHaveLength(8);
});

test('the 90 rules see what a property override did to the resource, and to the one beside it', () => {
  const app = gatedApp();
  const bucket = new s3.Bucket(stackIn(app), 'Bucket', {
    versioned: true,
    enforceSSL: true,
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    encryption: s3.BucketEncryption.KMS,
  });
  const own = bucket.node.defaultChild as s3.CfnBucket;
  own.addPropertyOverride('VersioningConfiguration.Status', 'Suspended');
  own.addPropertyOverride('PublicAccessBlockConfiguration.BlockPublicAcls', false);
  (bucket.policy?.node.defaultChild as s3.CfnBucketPolicy).addPropertyDeletionOverride(
    'PolicyDocument.Statement.0.Condition',
  );
  refusal(app);
  expect(verdicts(app, 'Dev/Data/Bucket/Resource')).toMatchObject({
    S3BucketVersioningEnabled: 'non-compliant',
    S3BucketLevelPublicAccessProhibited: 'non-compliant',
    S3BucketSSLRequestsOnly: 'non-compliant',
    S3DefaultEncryptionKMS: 'compliant',
  });
});

test('the 90 rules see what a class of its own renders, past the properties that it shows', () => {
  class Versioned extends s3.CfnBucket {
    protected override renderProperties(): Record<string, unknown> {
      return { VersioningConfiguration: { Status: 'Suspended' } };
    }
  }
  const app = gatedApp();
  const stack = stackIn(app);
  const properties = { versioningConfiguration: { status: 'Enabled' } };
  new Versioned(stack, 'Shown', properties);
  new s3.CfnBucket(stackIn(app, 'Prod'), 'Plain', properties);
  refusal(app);
  expect(verdicts(app, 'Dev/Data/Shown')).toHaveProperty('S3BucketVersioningEnabled', 'non-compliant');
  expect(verdicts(app, 'Prod/Data/Plain')).toHaveProperty('S3BucketVersioningEnabled', 'compliant');
});

test('the 90 rules judge the functions that the library makes for itself', () => {
  const app = gatedApp();
  new s3.Bucket(stackIn(app), 'Bucket', { autoDeleteObjects: true, removalPolicy: RemovalPolicy.DESTROY });
  refusal(app);
  expect(verdicts(app, 'Dev/Data/Custom::S3AutoDeleteObjectsCustomResourceProvider/Handler')).toMatchObject({
    LambdaDLQ: 'non-compliant',
    LambdaInsideVPC: 'non-compliant',
    LambdaConcurrency: 'non-compliant',
  });
});

test('a template that cannot be read back is refused by name, and what is known is judged all the same', () => {
  const app = gatedApp();
  new s3.CfnBucket(stackIn(app), 'Bucket', { bucketName: 'x' }).addPropertyOverride('BucketName', {
    Ref: 'Nothing',
  });
  const said = refusal(app).replace(/\s+/g, ' ');
  expect(said).toContain('Dev/Data: the rules cannot judge what its template would deploy');
  expect(said).toContain("logical ID: 'Nothing'");
  expect(verdicts(app, 'Dev/Data/Bucket')['S3BucketVersioningEnabled']).toBe('non-compliant');
});

test('no rule that looks beside a resource has to do with a type that is read back alone', () => {
  const rules = path.join(path.dirname(require.resolve('cdk-nag')), 'rules');
  const sources = fs
    .readdirSync(rules, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.js') && HIPAA_RULES.includes(path.basename(file, '.js')))
    .map((file) => fs.readFileSync(path.join(rules, file), 'utf8'));
  expect(sources).toHaveLength(HIPAA_RULES.length);
  const classes = JUDGED_ALONE.map((type) => `Cfn${type.split('::').pop() ?? ''}`);
  const ofThem = sources.filter((source) => classes.some((name) => source.includes(`.${name}`)));
  expect(ofThem.length).toBeGreaterThan(4);
  for (const source of ofThem) expect(source).not.toMatch(/\.node\.(findAll|root|scope|children|find)/);
});

test('a function with an override is judged by what its template says, what it refers to read with it', () => {
  const app = gatedApp();
  const stack = stackIn(app);
  const bucket = new s3.CfnBucket(stack, 'Code');
  const own = new lambda.CfnFunction(stack, 'Own', {
    role: 'arn:aws:iam::111122223333:role/own',
    code: { s3Bucket: bucket.ref, s3Key: 'code' },
    reservedConcurrentExecutions: 1,
  });
  own.addResourceDependency(new s3.CfnBucket(stack, 'First'));
  own.addPropertyDeletionOverride('ReservedConcurrentExecutions');
  own.addPropertyOverride('Description', { 'Fn::Sub': 'reads ${Third.Arn}' });
  new s3.CfnBucket(stack, 'Third');
  refusal(app);
  expect(verdicts(app, 'Dev/Data/Own')).toMatchObject({ LambdaConcurrency: 'non-compliant' });
  expect(Object.keys(verdicts(app, 'Dev/Data/Third'))).toHaveLength(8);
});
