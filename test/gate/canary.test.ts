import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Fn, Token } from 'aws-cdk-lib';
import lockfile from '../../package-lock.json';
import { controlsIn } from '../../lib/gate/hipaa-pack';
import { gatedApp, ledgerOf, refusal, stackIn } from './support';

test('exactly one copy of the library and of the pack is installed: a second one would blind every rule', () => {
  const copies = (name: string): string[] =>
    Object.keys(lockfile.packages).filter((path) => path.endsWith(`node_modules/${name}`));
  for (const name of ['aws-cdk-lib', 'cdk-nag', 'constructs'])
    expect(copies(name)).toEqual([`node_modules/${name}`]);
});

test('the pack still finds what it is known to find in a bucket without any setting', () => {
  const app = gatedApp();
  new s3.CfnBucket(stackIn(app), 'Bucket');
  expect(refusal(app)).toContain('HIPAA.Security');
  const found = ledgerOf(app).evaluations.filter(
    (e) => e.plugin === 'HIPAA.Security' && e.result === 'non-compliant',
  );
  expect(found.map(({ rule }) => rule)).toEqual([
    'S3BucketLoggingEnabled',
    'S3BucketPublicReadProhibited',
    'S3BucketPublicWriteProhibited',
    'S3BucketReplicationEnabled',
    'S3BucketSSLRequestsOnly',
    'S3BucketVersioningEnabled',
    'S3DefaultEncryptionKMS',
  ]);
});

test('a rule that throws is an error, recorded, and fails the synth', () => {
  const app = gatedApp();
  new ec2.CfnSecurityGroup(stackIn(app), 'Group', {
    groupDescription: 'ports that only the deployment knows',
    vpcId: 'vpc-1',
    securityGroupIngress: [
      {
        ipProtocol: 'tcp',
        cidrIp: '0.0.0.0/0',
        fromPort: Token.asNumber(Fn.ref('Port')),
        toPort: Token.asNumber(Fn.ref('Port')),
      },
    ],
  });
  expect(refusal(app)).toContain('Rule threw an error');
  expect(ledgerOf(app).evaluations).toContainEqual(
    expect.objectContaining({ plugin: 'HIPAA.Security', rule: 'EC2RestrictedSSH', result: 'error' }),
  );
});

test('citations are read whatever label stands before them', () => {
  expect(controlsIn('x - (Control ID: 164.312(b)).')).toEqual(['164.312(b)']);
  expect(controlsIn('x - (Control IDs: 164.308(a)(3)(i), 164.312(b), 164.312(b)).')).toEqual([
    '164.308(a)(3)(i)',
    '164.312(b)',
  ]);
});
