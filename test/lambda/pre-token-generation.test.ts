import fc from 'fast-check';
import './variables';
import { handler } from '../../lambda/pre-token-generation/handler';
import { ROLES } from '../../lambda/shared/roles';
import { outputOf, quietly } from './captured-output';
import { context, EMAIL, preTokenGeneration } from './events';

async function details(...event: Parameters<typeof preTokenGeneration>) {
  const { response } = await handler(preTokenGeneration(...event), context);
  const { accessTokenGeneration, idTokenGeneration, groupOverrideDetails } =
    response.claimsAndScopeOverrideDetails;
  return { access: accessTokenGeneration, id: idTokenGeneration, groups: groupOverrideDetails };
}

test('writes role and organisation into both tokens', async () => {
  const { access, id, groups } = await details(['SUPPORT'], { 'custom:org_id': 'demo-clinic' });
  expect(access).toEqual({
    claimsToAddOrOverride: { role: 'SUPPORT', org_id: 'demo-clinic' },
    claimsToSuppress: [],
  });
  expect(id).toEqual(access);
  expect(groups).toEqual({ groupsToOverride: ['SUPPORT'] });
});

test('takes the first of the ten roles for a person of several, in whatever order Cognito names them', async () => {
  const { access, groups } = await details(['MARKETER', 'DOCTOR', 'SUPPORT'], {});
  expect(access?.claimsToAddOrOverride).toEqual({ role: 'DOCTOR' });
  expect(groups?.groupsToOverride).toEqual(['DOCTOR', 'SUPPORT', 'MARKETER']);
});

test.each([[undefined], [[]], [['doctor']], [['DOCTOR ']], [['us-east-1_Example01_Google']]])(
  'suppresses the role of a person in %j',
  async (groups) => {
    const { access } = await details(groups, {
      'custom:org_id': 'demo-clinic',
      'custom:role': 'SUPER_ADMIN',
    });
    expect(access).toEqual({
      claimsToAddOrOverride: { org_id: 'demo-clinic' },
      claimsToSuppress: ['role'],
    });
  },
);

test.each(['', 'A', 'Demo-Clinic', 'a b', 'demo-clinic\n', 'x'.repeat(37)])(
  'suppresses %j, which is no organisation id',
  async (organisation) => {
    const { access } = await details(['SUPPORT'], { 'custom:org_id': organisation });
    expect(access).toEqual({ claimsToAddOrOverride: { role: 'SUPPORT' }, claimsToSuppress: ['org_id'] });
  },
);

test('whatever a person, a client or a group brings, the role is one of the ten that is held as a group', async () => {
  const name = fc.oneof(fc.constantFrom(...ROLES), fc.string());
  const attributes = fc.dictionary(
    fc.oneof(fc.constantFrom('role', 'custom:role', 'custom:org_id', 'cognito:groups'), fc.string()),
    fc.oneof(fc.constantFrom(...ROLES), fc.string()),
  );
  await quietly(() =>
    fc.assert(
      fc.asyncProperty(
        fc.option(fc.array(name), { nil: undefined }),
        attributes,
        attributes,
        async (groups, userAttributes, metadata) => {
          const { access, id } = await details(groups, userAttributes, metadata);
          for (const token of [access, id]) {
            const role = token?.claimsToAddOrOverride?.['role'];
            const held = ROLES.filter((candidate) => groups?.includes(candidate));
            expect(role).toBe(held[0]);
            expect(token?.claimsToSuppress?.includes('role')).toBe(role === undefined);
            expect(Object.keys(token?.claimsToAddOrOverride ?? {})).toEqual(
              expect.not.arrayContaining(['sub', 'iss', 'aud', 'client_id', 'cognito:groups']),
            );
          }
        },
      ),
    ),
  );
});

test('logs that claims were set, and no attribute of the person', async () => {
  const output = await outputOf(() =>
    handler(preTokenGeneration(['SUPPORT'], { 'custom:org_id': 'demo-clinic', given_name: 'Pat' }), context),
  );
  expect(output).toContain('token claims set');
  expect(output).not.toContain(EMAIL);
  expect(output).not.toMatch(/@|pat\b|demo-clinic/i);
});
