/** Properties of a resource, in the words of CloudFormation. */
export type Properties = Readonly<Record<string, unknown>>;

/** What a rule must let pass and what it must find; each for the type that it looks at. */
export interface RuleCase {
  readonly rule: string;
  readonly type: string;
  readonly good: readonly Properties[];
  readonly bad: readonly Properties[];
  /** Properties of the same type that the rule does not concern. */
  readonly otherwise?: Properties;
  /** Whether it judges production only. */
  readonly production?: boolean;
  /** What stands beside it in the template, by logical id; the good ones are `Good0`, `Good1` and so on. */
  readonly beside?: Readonly<Record<string, readonly [type: string, properties: Properties]>>;
}

/** A key that the template's parameter names. */
export const KEY = { Ref: 'Key' };

/** The case of a rule that asks for a customer's key in a property. */
export const keyed = (rule: string, type: string, property: string): RuleCase => ({
  rule,
  type,
  good: [{ [property]: KEY }, { [property]: 'arn:aws:kms:us-east-1:111111111111:key/1' }],
  bad: [{}, { [property]: '' }, { [property]: 'alias/aws/sqs' }],
});
