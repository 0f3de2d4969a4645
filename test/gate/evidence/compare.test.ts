import { type App, CfnResource, type Stack } from 'aws-cdk-lib';
import * as fc from 'fast-check';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { accept } from '../../../lib/gate';
import { compareFolders } from '../../../lib/gate/evidence/compare';
import { EvidenceFolderError } from '../../../lib/gate/evidence/read';
import { ACCEPTANCE, gatedApp, raw, stackIn } from '../support';
import { cleanUp, evidenceOf, scratch } from './support';

afterAll(cleanUp);

const statement = (action: string, effect = 'Allow') => ({
  Effect: effect,
  Action: action,
  Resource: 'arn:aws:s3:::records/*',
});

/** A release of one stack, as it was and with something changed. */
function release(change: (stack: Stack) => void): string {
  const app = gatedApp();
  change(stackIn(app));
  return evidenceOf(app).folder;
}

/** What changed between the two. */
function changes(earlier: (stack: Stack) => void, later: (stack: Stack) => void) {
  return compareFolders(release(earlier), release(later)).changes.map(({ kind, text }) => `${kind}: ${text}`);
}

const policy =
  (...statements: readonly object[]) =>
  (stack: Stack) => {
    raw(stack, 'Policy', 'AWS::IAM::ManagedPolicy', {
      Roles: ['reader'],
      PolicyDocument: { Statement: statements },
    });
  };
const group =
  (...ingress: readonly object[]) =>
  (stack: Stack) => {
    raw(stack, 'Group', 'AWS::EC2::SecurityGroup', {
      GroupDescription: 'tasks',
      SecurityGroupIngress: ingress,
    });
  };
const key =
  (...principals: readonly string[]) =>
  (stack: Stack) => {
    raw(stack, 'Key', 'AWS::KMS::Key', {
      EnableKeyRotation: true,
      KeyPolicy: {
        Statement: principals.map((AWS) => ({
          Effect: 'Allow',
          Action: 'kms:Decrypt',
          Principal: { AWS },
          Resource: '*',
        })),
      },
    });
  };
const logs = (properties: object) => (stack: Stack) => {
  raw(stack, 'Logs', 'AWS::Logs::LogGroup', { KmsKeyId: 'key', RetentionInDays: 2557, ...properties });
};
const queue = (properties: Record<string, unknown>) => (stack: Stack) =>
  raw(stack, 'Queue', 'AWS::SQS::Queue', properties);

test.each<[string, (stack: Stack) => void, (stack: Stack) => void, RegExp]>([
  [
    'an action more',
    policy(statement('s3:GetObject')),
    policy(statement('s3:GetObject'), statement('s3:PutObject')),
    /broadened-access: .*reader may now s3:PutObject on arn:aws:s3:::records/,
  ],
  [
    'a denial less',
    policy(statement('s3:GetObject'), statement('s3:DeleteObject', 'Deny')),
    policy(statement('s3:GetObject')),
    /broadened-access: .*no longer denied s3:DeleteObject/,
  ],
  [
    'a principal of a key more',
    key('arn:aws:iam::111111111111:role/one'),
    key('arn:aws:iam::111111111111:role/one', 'arn:aws:iam::111111111111:role/two'),
    /broadened-access: .*role\/two may now kms:Decrypt/,
  ],
  [
    'a group that admits more',
    group(),
    group({ IpProtocol: 'tcp', FromPort: 5432, ToPort: 5432, CidrIp: '10.0.0.0/8' }),
    /broadened-access: .*admits 10\.0\.0\.0\/8 on TCP 5432/,
  ],
  [
    'a group that admits everyone',
    group(),
    group({ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '0.0.0.0/0' }),
    /broadened-access: .*admits Everyone \(IPv4\) on TCP 443/,
  ],
  [
    'a shorter retention',
    logs({}),
    logs({ RetentionInDays: 30 }),
    /changed-retention: RetentionInDays of AWS::Logs::LogGroup was 2557 and is 30\./,
  ],
  [
    'a log group of another name',
    logs({ LogGroupName: 'a' }),
    logs({ LogGroupName: 'b' }),
    /replaced-stateful: AWS::Logs::LogGroup is made anew and empty\./,
  ],
  [
    'a queue that is gone',
    queue({ KmsMasterKeyId: 'key' }),
    key('arn:aws:iam::111111111111:role/one'),
    /replaced-stateful: AWS::SQS::Queue is deleted\./,
  ],
  [
    'a finding',
    queue({ KmsMasterKeyId: 'key' }),
    queue({}),
    /new: Dev\/Data\/Queue: .*KmsMasterKeyId is absent/,
  ],
  [
    'a finding mended',
    queue({}),
    queue({ KmsMasterKeyId: 'key' }),
    /fixed: Dev\/Data\/Queue no longer breaks TemplateSqsEncrypted\./,
  ],
  [
    'a control',
    queue({ KmsMasterKeyId: 'key' }),
    queue({}),
    /status: Encryption and decryption was met and is not met\./,
  ],
])('%s is said', (_, earlier, later, expected) => {
  expect(changes(earlier, later)).toEqual(expect.arrayContaining([expect.stringMatching(expected)]));
});

test('what narrows access broadens nothing', () => {
  const said = changes(
    policy(statement('s3:GetObject'), statement('s3:PutObject')),
    policy(statement('s3:GetObject'), statement('s3:DeleteObject', 'Deny')),
  );
  expect(said.filter((line) => line.startsWith('broadened-access'))).toEqual([]);
});

test('an exception that is new, and one that has expired, are said', () => {
  const accepted = (expires: string) => (stack: Stack) =>
    accept(raw(stack, 'Queue', 'AWS::SQS::Queue', {}), 'TemplateSqsEncrypted', { ...ACCEPTANCE, expires });
  expect(changes(queue({}), accepted('2027-10-31'))).toContain(
    'newly-accepted: Dev/Data/Queue is now excepted from TemplateSqsEncrypted.',
  );
  expect(changes(accepted('2027-10-31'), accepted('2026-11-22'))).toContain(
    'expired: The exception of Dev/Data/Queue from TemplateSqsEncrypted held until 2026-11-22; platform-engineering answers for it.',
  );
});

test('a release compared with itself has not changed, and twice says the same', () => {
  const [one, two] = [release(queue({})), release(queue({}))];
  expect(compareFolders(one, two).changes).toEqual([]);
  const other = release(key('*'));
  expect(compareFolders(one, other)).toEqual(compareFolders(one, other));
});

test('an environment that is new is named once, and not each thing in it', () => {
  const both = (app: App) => new CfnResource(stackIn(app, 'Prod'), 'Queue', { type: 'AWS::SQS::Queue' });
  const app = gatedApp();
  queue({ KmsMasterKeyId: 'key' })(stackIn(app));
  both(app);
  const { changes: said } = compareFolders(release(queue({ KmsMasterKeyId: 'key' })), evidenceOf(app).folder);
  expect(said).toEqual([expect.objectContaining({ environment: 'Prod', kind: 'status' })]);
});

describe('an earlier folder that cannot be read is refused in a sentence', () => {
  const refused = (folder: string) => {
    try {
      compareFolders(folder, release(queue({})));
      return 'not refused';
    } catch (error) {
      return error instanceof EvidenceFolderError ? error.message : `crashed: ${String(error)}`;
    }
  };
  const withReport = (text: string) => {
    const folder = scratch();
    fs.writeFileSync(path.join(folder, 'report.json'), text);
    return folder;
  };

  test('when it is empty, no JSON, of another form, or lacks a template', () => {
    expect(refused(scratch())).toMatch(/holds no report\.json/);
    expect(refused(withReport('{'))).toMatch(/is no JSON/);
    expect(refused(withReport('{}'))).toMatch(/is no report of this form/);
    const folder = release(key('*'));
    for (const file of fs.readdirSync(path.join(folder, 'templates')))
      fs.rmSync(path.join(folder, 'templates', file));
    expect(refused(folder)).toMatch(/the template of Dev\/Data, is missing/);
  });

  test('when a template is said to stand outside of it', () => {
    const folder = release(key('*'));
    const file = path.join(folder, 'report.json');
    fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace('templates/Dev-Data', '../../Dev-Data'));
    expect(refused(folder)).toMatch(/outside of it/);
  });

  /** What comes of a comparison: nothing but a diff or a sentence. */
  const saidOf = (earlier: string, later: string): string => {
    try {
      compareFolders(earlier, later);
      return 'compared';
    } catch (error) {
      if (!(error instanceof EvidenceFolderError)) throw error;
      expect(error.message).toMatch(/\.$/);
      return error.message;
    }
  };

  test('whatever its template or the later one says', () => {
    const [earlier, later] = [release(key('*')), release(queue({}))];
    const change = fc.oneof(
      fc.jsonValue(),
      fc.record({ Resources: fc.jsonValue() }),
      fc.record({
        Resources: fc.record({
          One: fc.oneof(
            fc.jsonValue(),
            fc.record({
              Type: fc.constantFrom(
                'AWS::IAM::Policy',
                'AWS::EC2::SecurityGroup',
                'AWS::KMS::Key',
                'AWS::S3::Bucket',
              ),
              Properties: fc.oneof(
                fc.jsonValue(),
                fc.record({ PolicyDocument: fc.jsonValue(), KeyPolicy: fc.jsonValue() }),
                fc.record({ SecurityGroupIngress: fc.jsonValue(), LifecycleConfiguration: fc.jsonValue() }),
              ),
            }),
          ),
        }),
      }),
    );
    const said = new Set<string>();
    fc.assert(
      fc.property(fc.constantFrom(earlier, later), change, (folder, template) => {
        const file = path.join(folder, 'templates/Dev-Data.template.json');
        const whole = fs.readFileSync(file);
        fs.writeFileSync(file, JSON.stringify(template));
        try {
          said.add(saidOf(earlier, later));
        } finally {
          fs.writeFileSync(file, whole);
        }
      }),
      { numRuns: 300, seed: 6 },
    );
    expect(said).toContain('compared');
    expect([...said].join()).toMatch(/is missing or no JSON/);
  });

  test('whatever one of its fields is, or when its report was cut off', () => {
    const folder = release(queue({}));
    const text = fs.readFileSync(path.join(folder, 'report.json'), 'utf8');
    const report = JSON.parse(text) as Record<string, unknown>;
    const later = release(key('*'));
    const said = new Set<string>();
    const compared = (written: string): void => {
      fs.writeFileSync(path.join(folder, 'report.json'), written);
      said.add(saidOf(folder, later).replace(/^.*report\.json /, ''));
    };
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(report)), fc.jsonValue(), (field, value) =>
        compared(JSON.stringify({ ...report, [field]: value })),
      ),
      { numRuns: 60, seed: 6 },
    );
    fc.assert(
      fc.property(fc.nat(text.length - 3), (end) => compared(text.slice(0, end))),
      { numRuns: 40, seed: 6 },
    );
    expect([...said].filter((one) => one.startsWith('is no '))).not.toEqual([]);
  });

  test('whatever else stands in it', () => {
    const whole = fs.readFileSync(path.join(release(queue({})), 'report.json'), 'utf8');
    const later = release(queue({}));
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.string({ maxLength: 3 }), (at, instead) => {
        const folder = withReport(whole.slice(0, at) + instead + whole.slice(at + 1));
        try {
          compareFolders(folder, later);
        } catch (error) {
          if (!(error instanceof EvidenceFolderError)) throw error;
          expect(error.message).toMatch(/\.$/);
        }
      }),
      { numRuns: 60, seed: 6 },
    );
  });
});
