import { change, findings } from '../support/change-sets';

const moved = (was: Readonly<Record<string, unknown>>, is: Readonly<Record<string, unknown>>) =>
  findings(
    [change({})],
    { It: { Type: 'AWS::Events::Rule', Properties: was } },
    { It: { Type: 'AWS::Events::Rule', Properties: is } },
  );
const target = (Id: string, RoleArn: string) => ({ Id, Arn: 'arn:target', RoleArn });

test('another role of what is there needs leave, also where it stands deeper', () => {
  expect(moved({ ServiceRole: 'one' }, { ServiceRole: 'two' })).toEqual(['take ServiceRole two']);
  expect(moved({ RoleARN: 'one' }, { RoleARN: 'two' })).toEqual(['take RoleARN two']);
  expect(moved({ Targets: [target('a', 'one')] }, { Targets: [target('a', 'two')] })).toEqual([
    'take Targets.a.RoleArn two',
  ]);
});

test('another order of the same targets needs none', () => {
  const [a, b] = [target('a', 'one'), target('b', 'two')];
  expect(moved({ Targets: [a, b] }, { Targets: [b, a] })).toEqual([]);
});
