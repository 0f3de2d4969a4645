import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';

/** What the keys are made from. */
export interface EvidenceKeysProps {
  /** The roles that sign: those of the steps that write evidence. */
  readonly writers: readonly iam.IRole[];
}

/** What an administrator may do with the signing key; to sign is not among it. */
const ADMINISTRATION = [
  'kms:DescribeKey',
  'kms:GetKeyPolicy',
  'kms:GetKeyRotationStatus',
  'kms:ListGrants',
  'kms:ListKeyPolicies',
  'kms:ListResourceTags',
  'kms:PutKeyPolicy',
  'kms:UpdateKeyDescription',
  'kms:EnableKey',
  'kms:TagResource',
  'kms:UntagResource',
  'kms:CreateAlias',
  'kms:UpdateAlias',
  'kms:DeleteAlias',
  'kms:DisableKey',
  'kms:ScheduleKeyDeletion',
  'kms:CancelKeyDeletion',
];

/** The keys of the evidence: one encrypts it where it lies, one signs its manifests. */
export class EvidenceKeys extends Construct {
  /** Encrypts the bucket. */
  readonly encryption: kms.Key;
  /** Signs manifests, on P-256; its public half is in every release's evidence and in KMS. */
  readonly signing: kms.Key;

  constructor(scope: Construct, id: string, props: EvidenceKeysProps) {
    super(scope, id);
    this.encryption = new kms.Key(this, 'Encryption', {
      description: 'telehealth pipeline: evidence at rest',
      enableKeyRotation: true,
      pendingWindow: Duration.days(30),
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.signing = new kms.Key(this, 'Signing', {
      alias: 'telehealth/evidence-signing',
      description: 'telehealth pipeline: signs the manifests of evidence',
      keySpec: kms.KeySpec.ECC_NIST_P256,
      keyUsage: kms.KeyUsage.SIGN_VERIFY,
      pendingWindow: Duration.days(30),
      removalPolicy: RemovalPolicy.RETAIN,
      policy: this.signingPolicy(props.writers),
    });
  }

  /** No statement hands signing to IAM: whoever administers the account can change this policy, which CloudTrail shows, and not sign. */
  private signingPolicy(writers: readonly iam.IRole[]): iam.PolicyDocument {
    const { account } = Stack.of(this);
    // In a key's own policy `*` is that key.
    const resources = ['*'];
    return new iam.PolicyDocument({
      statements: [
        new iam.PolicyStatement({
          sid: 'AdministerWithoutSigning',
          principals: [new iam.AccountRootPrincipal()],
          actions: ADMINISTRATION,
          resources,
        }),
        new iam.PolicyStatement({
          sid: 'WritersSign',
          principals: writers.map(({ roleArn }) => new iam.ArnPrincipal(roleArn)),
          actions: ['kms:Sign'],
          resources,
        }),
        new iam.PolicyStatement({
          sid: 'NobodyElseSigns',
          effect: iam.Effect.DENY,
          principals: [new iam.AnyPrincipal()],
          actions: ['kms:Sign', 'kms:CreateGrant'],
          resources,
          conditions: { ArnNotEquals: { 'aws:PrincipalArn': writers.map(({ roleArn }) => roleArn) } },
        }),
        new iam.PolicyStatement({
          sid: 'TheAccountVerifies',
          principals: [new iam.AnyPrincipal()],
          actions: ['kms:GetPublicKey', 'kms:Verify', 'kms:DescribeKey'],
          resources,
          conditions: { StringEquals: { 'aws:PrincipalAccount': account } },
        }),
      ],
    });
  }
}
