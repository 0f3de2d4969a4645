import { type Estate, estateOf } from '../../../lib/gate/estate/estate';

type Resources = Readonly<
  Record<string, readonly [type: string, properties?: Readonly<Record<string, unknown>>]>
>;

/** A stack of an environment in few words: type and properties by logical id. */
export interface Planted {
  readonly resources: Resources;
  /** What it exports, by name. */
  readonly exports?: Readonly<Record<string, unknown>>;
}

const ACCOUNT = '111111111111';

/** An environment of planted stacks, by their names. */
export function planted(stacks: Readonly<Record<string, Planted>>): Estate {
  return estateOf(
    Object.entries(stacks).map(([path, { resources, exports = {} }]) => ({
      path,
      account: ACCOUNT,
      region: 'us-east-1',
      template: {
        Resources: Object.fromEntries(
          Object.entries(resources).map(([id, [Type, Properties = {}]]) => [id, { Type, Properties }]),
        ),
        Outputs: Object.fromEntries(
          Object.entries(exports).map(([Name, Value], index) => [
            `Output${index}`,
            { Value, Export: { Name } },
          ]),
        ),
      },
    })),
  );
}

/** An environment of one stack. */
export function plantedStack(resources: Resources): Estate {
  return planted({ Data: { resources } });
}

/** A tag of the class of data. */
export function tagged(classification: string): { readonly Tags: readonly unknown[] } {
  return { Tags: [{ Key: 'DataClassification', Value: classification }] };
}

/** `Fn::GetAtt`, in short. */
export function att(logicalId: string, attribute = 'Arn'): Readonly<Record<string, unknown>> {
  return { 'Fn::GetAtt': [logicalId, attribute] };
}

/** A policy document of these statements. */
export function document(...Statement: readonly Readonly<Record<string, unknown>>[]): unknown {
  return { Version: '2012-10-17', Statement };
}

/** An allowing statement. */
export function allow(
  Action: unknown,
  Resource: unknown,
  more: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
  return { Effect: 'Allow', Action, Resource, ...more };
}

/** A role that a service takes, with policies in it. */
export function role(
  ...statements: readonly Readonly<Record<string, unknown>>[]
): readonly [string, Readonly<Record<string, unknown>>] {
  return [
    'AWS::IAM::Role',
    {
      AssumeRolePolicyDocument: document({
        Effect: 'Allow',
        Principal: { Service: 'lambda.amazonaws.com' },
        Action: 'sts:AssumeRole',
      }),
      Policies: [{ PolicyName: 'Own', PolicyDocument: document(...statements) }],
    },
  ];
}

/** A key whose policy leaves the decision to the account. */
export function key(classification = 'PHI'): readonly [string, Readonly<Record<string, unknown>>] {
  return [
    'AWS::KMS::Key',
    {
      ...tagged(classification),
      EnableKeyRotation: true,
      KeyPolicy: document(
        allow('kms:*', '*', {
          Principal: { AWS: { 'Fn::Sub': 'arn:${AWS::Partition}:iam::${AWS::AccountId}:root' } },
        }),
      ),
    },
  ];
}

/** A bucket of a class, under the key `Key`. */
export function bucket(classification = 'PHI'): readonly [string, Readonly<Record<string, unknown>>] {
  return [
    'AWS::S3::Bucket',
    {
      ...tagged(classification),
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          { ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: att('Key') } },
        ],
      },
    },
  ];
}
