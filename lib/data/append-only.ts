import * as iam from 'aws-cdk-lib/aws-iam';

/**
 * Nobody changes or removes an item of the table, whatever their identity's policy allows; expiry is DynamoDB's own. A
 * batch is refused as a whole, since it can hold deletions. IAM cannot tell a put that replaces an item from one that
 * adds one: whoever puts carries the condition that the item is new.
 */
export function appendOnly(): iam.PolicyDocument {
  return new iam.PolicyDocument({
    statements: [
      new iam.PolicyStatement({
        sid: 'AppendOnly',
        effect: iam.Effect.DENY,
        principals: [new iam.AnyPrincipal()],
        actions: [
          'dynamodb:UpdateItem',
          'dynamodb:DeleteItem',
          'dynamodb:BatchWriteItem',
          'dynamodb:PartiQLUpdate',
          'dynamodb:PartiQLDelete',
        ],
        // A table's own policy applies to the table alone; its ARN here would close a circle.
        resources: ['*'],
      }),
    ],
  });
}
