import fc from 'fast-check';
import './variables';
import { handler } from '../../lambda/pre-sign-up/handler';
import { outputOf, quietly } from './captured-output';
import { context, EMAIL, preSignUp } from './events';

test.each([EMAIL, 'Pat@CLINIC.example'])(
  'lets %s sign up, confirming and verifying nothing',
  async (email) => {
    const event = await handler(preSignUp({ email }), context);
    expect(event.response).toEqual({
      autoConfirmUser: false,
      autoVerifyEmail: false,
      autoVerifyPhone: false,
    });
  },
);

test.each([
  'pat@other.example',
  'pat@sub.clinic.example',
  'pat@clinic.example.evil.example',
  'pat@evil.example@clinic.example',
  '"pat@evil.example"@clinic.example',
  'pat@evil.example\n@clinic.example',
  'pat@clinic.example ',
  '@clinic.example',
  'clinic.example',
  '',
])('refuses %j with the one text that says nothing about who is known', async (email) => {
  await expect(handler(preSignUp({ email }), context)).rejects.toThrow(
    /^Sign-up is not open for this address\. Ask your organisation for an invitation\.$/,
  );
});

test('refuses whoever brings an attribute that only the platform sets', async () => {
  await expect(
    handler(preSignUp({ email: EMAIL, 'custom:org_id': 'other-clinic' }), context),
  ).rejects.toThrow('Sign-up is not open');
});

test('refuses people of other identity providers, and lets an administrator invite anybody', async () => {
  await expect(handler(preSignUp({ email: EMAIL }, 'PreSignUp_ExternalProvider'), context)).rejects.toThrow(
    'Sign-up is not open',
  );
  const invited = preSignUp({ email: 'doctor@elsewhere.example' }, 'PreSignUp_AdminCreateUser');
  expect((await handler(invited, context)).response.autoConfirmUser).toBe(false);
});

test('no address outside the domain passes, whatever it looks like', async () => {
  await quietly(() =>
    fc.assert(
      fc.asyncProperty(fc.oneof(fc.emailAddress(), fc.string()), async (email) => {
        fc.pre(!email.toLowerCase().endsWith('@clinic.example'));
        await expect(handler(preSignUp({ email }), context)).rejects.toThrow('Sign-up is not open');
      }),
    ),
  );
});

test('logs what happened and never the address', async () => {
  for (const email of [EMAIL, 'pat@other.example']) {
    const output = await outputOf(() => handler(preSignUp({ email }), context));
    expect(output).toContain('sign-up');
    expect(output).not.toMatch(/@|pat/i);
  }
});
