import { judge } from '../../../lib/release/guard/judge';
import { type Given, givenBy, resourcesOf } from '../../../lib/release/guard/resolve';
import { allow, change, TODAY } from '../support/change-sets';

interface Parameter {
  readonly Type?: string;
  readonly Default?: unknown;
}
const ROLE = 'AWS::IAM::Role';
const role = (statement: unknown) => ({
  Type: ROLE,
  Properties: { Policies: [{ PolicyName: 'p', PolicyDocument: { Statement: statement } }] },
});
/** A template whose one role may read what a parameter names. */
const template = (statement: unknown, P: Parameter = {}, more: object = {}) => ({
  Parameters: { P: { Type: 'String', ...P } },
  Resources: { It: role(statement) },
  ...more,
});
const judged = (
  before: object,
  after: object,
  given?: readonly [Given, Given],
  changed?: ReadonlySet<string>,
) =>
  judge(
    {
      ...{ stack: 'S', name: 'C', changes: [change({ type: ROLE })] },
      before: resourcesOf({ ...before }, given?.[0]),
      after: resourcesOf({ ...after }, given?.[1], changed),
    },
    { today: TODAY, accounts: ['111122223333'] },
  ).findings.map(({ change: words }) => words);

const reads = allow('s3:GetObject', { Ref: 'P' });
const narrow = { Default: 'arn:aws:s3:::one' };
const wide = { Default: '*' };

describe('a parameter whose default changes', () => {
  test.each([
    ['by itself', reads, 'allow s3:GetObject on *'],
    ['in a text', allow('s3:GetObject', { 'Fn::Sub': 'arn:${P}/x' }), 'allow s3:GetObject on arn:*/x'],
    [
      'in a text with values of its own',
      allow('s3:GetObject', { 'Fn::Sub': ['${P}/${Q}', { Q: { Ref: 'P' } }] }),
      'allow s3:GetObject on {"Fn::Sub":["*/${Q}",{"Q":"*"}]}',
    ],
    [
      'in parts',
      allow('s3:GetObject', { 'Fn::Join': ['', ['a', { Ref: 'P' }]] }),
      'allow s3:GetObject on a*',
    ],
  ])('needs leave where a policy names it %s', (_how, statement, words) => {
    expect(judged(template(statement, narrow), template(statement, wide))).toEqual([words]);
    expect(judged(template(statement, narrow), template(statement, narrow))).toEqual([]);
  });

  test('needs none where it becomes narrower, or no policy names it', () => {
    expect(judged(template(reads, wide), template(reads, narrow))).toEqual([]);
    const other = allow('s3:GetObject', '*');
    expect(judged(template(other, narrow), template(other, wide))).toEqual([]);
  });

  test('is a list, or the name of what SSM keeps', () => {
    const list = (Default: string) => template(reads, { Type: 'CommaDelimitedList', Default });
    expect(judged(list('a'), list('a, b'))).toEqual(['allow s3:GetObject on b']);
    const kept = (Default: string) =>
      template(reads, { Type: 'AWS::SSM::Parameter::Value<String>', Default });
    expect(judged(kept('/one'), kept('/two'))).toEqual(['allow s3:GetObject on {{resolve:ssm:/two}}']);
    expect(judged(kept('/one'), kept('/one'))).toEqual([]);
  });

  test('chooses in a mapping', () => {
    const found = { 'Fn::FindInMap': ['Wide', { Ref: 'P' }, 'on'] };
    const Mappings = { Wide: { no: { on: 'a' }, yes: { on: '*' } } };
    const of = (Default: string) => template(allow('s3:GetObject', found), { Default }, { Mappings });
    expect(judged(of('no'), of('yes'))).toEqual(['allow s3:GetObject on *']);
  });
});

describe('a parameter with a value of its own', () => {
  const given = (ParameterValue: string, ResolvedValue?: string) =>
    givenBy([{ ParameterKey: 'P', ParameterValue, ...(ResolvedValue !== undefined && { ResolvedValue }) }]);

  test('counts for what it is, whatever its default', () => {
    const same = template(reads, narrow);
    expect(judged(same, same, [given('a'), given('*')])).toEqual(['allow s3:GetObject on *']);
    expect(judged(template(reads, narrow), template(reads, wide), [given('a'), given('a')])).toEqual([]);
    const kept = template(reads, { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/one' });
    expect(judged(kept, kept, [given('/one', 'a'), given('/one', '*')])).toEqual(['allow s3:GetObject on *']);
  });

  test('needs leave where it changes and nobody tells it', () => {
    const secret = [given('****'), given('****')] as const;
    const same = template(reads, wide);
    expect(judged(same, same, secret)).toEqual([]);
    expect(judged(same, same, secret, new Set(['P']))).toEqual(['allow s3:GetObject on {"Fn::Changed":"P"}']);
  });
});

describe('a condition on a parameter', () => {
  const Conditions = {
    Strict: { 'Fn::Equals': [{ Ref: 'P' }, 'yes'] },
    Loose: { 'Fn::Not': [{ Condition: 'Strict' }] },
    Both: { 'Fn::And': [{ Condition: 'Strict' }, { Condition: 'Loose' }] },
    Any: { 'Fn::Or': [{ Condition: 'Strict' }, { Condition: 'Here' }] },
    Here: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'us-east-1'] },
  };
  const denial = { Effect: 'Deny', Action: 's3:*', Resource: '*' };
  const denies = (when: string, Default: string) =>
    template([{ 'Fn::If': [when, denial, { Ref: 'AWS::NoValue' }] }], { Default }, { Conditions });

  test('takes a denial with it', () => {
    expect(judged(denies('Strict', 'yes'), denies('Strict', 'no'))).toEqual(['lift: deny s3:* on *']);
    expect(judged(denies('Strict', 'no'), denies('Strict', 'yes'))).toEqual([]);
    expect(judged(denies('Loose', 'no'), denies('Loose', 'yes'))).toHaveLength(1);
    expect(judged(denies('Both', 'no'), denies('Both', 'yes'))).toEqual([]);
  });

  test('is left to the deployment where it alone tells', () => {
    expect(judged(denies('Here', 'yes'), denies('Here', 'no'))).toEqual([]);
    expect(judged(denies('Any', 'yes'), denies('Any', 'no'))).toEqual(['lift: deny s3:* on *']);
  });

  test('leaves out a resource', () => {
    const made = (Default: string) =>
      Object.keys(
        resourcesOf({
          ...{ Parameters: { P: { Type: 'String', Default } }, Conditions },
          Resources: { A: { Type: ROLE, Condition: 'Strict' }, B: { Type: ROLE, Condition: 'Here' } },
        }),
      );
    expect(made('yes')).toEqual(['A', 'B']);
    expect(made('no')).toEqual(['B']);
  });
});
