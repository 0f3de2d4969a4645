import {
  AdminAddUserToGroupCommand,
  AdminUpdateUserAttributesCommand,
  CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider';
import './variables';
import { handler } from '../../lambda/post-confirmation/handler';
import { outputOf } from './captured-output';
import { context, EMAIL, postConfirmation } from './events';

// The SDK's `send` has overloads for callbacks that a mock cannot follow.
const send = jest.fn((_command: { readonly input: unknown }) => Promise.resolve({}));
jest.spyOn(CognitoIdentityProviderClient.prototype, 'send').mockImplementation(send as never);

beforeEach(() => {
  send.mockClear();
});

const calls = (): unknown[] => send.mock.calls.map(([command]) => [command.constructor, command.input]);
const person = { UserPoolId: 'us-east-1_Example01', Username: 'f3b6c0de-0000-4000-8000-000000000001' };
const placing = [
  [
    AdminUpdateUserAttributesCommand,
    { ...person, UserAttributes: [{ Name: 'custom:org_id', Value: 'demo-clinic' }] },
  ],
  [AdminAddUserToGroupCommand, { ...person, GroupName: 'SUPPORT' }],
];

test('gives a person the organisation first and then the role', async () => {
  const event = postConfirmation({ email: EMAIL, email_verified: 'true' });
  expect(await handler(event, context)).toBe(event);
  expect(calls()).toEqual(placing);
});

test('says the same to Cognito when it is called again', async () => {
  const event = postConfirmation({ email: EMAIL, email_verified: 'true', 'custom:org_id': 'demo-clinic' });
  await handler(event, context);
  expect(calls()).toEqual(placing);
});

test.each([
  ['whose address is not verified', { email: EMAIL, email_verified: 'false' }],
  ['who was confirmed by an administrator', { email: EMAIL }],
  ['of no configured domain', { email: 'pat@other.example', email_verified: 'true' }],
])('places nobody %s', async (_who, attributes) => {
  await handler(postConfirmation(attributes), context);
  expect(send).not.toHaveBeenCalled();
});

test('leaves a person alone who has reset their password', async () => {
  const event = postConfirmation(
    { email: EMAIL, email_verified: 'true' },
    'PostConfirmation_ConfirmForgotPassword',
  );
  await handler(event, context);
  expect(send).not.toHaveBeenCalled();
});

test('gives no role when the organisation could not be written', async () => {
  send.mockImplementationOnce(() => Promise.reject(new Error('throttled')));
  await expect(handler(postConfirmation({ email: EMAIL, email_verified: 'true' }), context)).rejects.toThrow(
    'throttled',
  );
  expect(send).toHaveBeenCalledTimes(1);
});

test('logs what happened and never the address', async () => {
  const output = await outputOf(() =>
    handler(postConfirmation({ email: EMAIL, email_verified: 'true' }), context),
  );
  expect(output).toContain('person placed');
  expect(output).toContain('PersonPlaced');
  expect(output).not.toMatch(/@|pat\b/i);
});
