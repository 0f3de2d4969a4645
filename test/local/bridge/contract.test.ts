import { camelCase } from '../../../lib/local/bridge/casing';
import { identify, unless } from '../../../lib/local/bridge/contract';

const STACK = 'arn:aws:cloudformation:us-east-1:000000000000:stack/Local-Data/1';

test('a name follows from where a resource stands, its version from the properties too', () => {
  const one = identify(STACK, 'Gateway', { A: 1 });
  const changed = identify(STACK, 'Gateway', { A: 2 });
  expect(identify(STACK, 'Gateway', { A: 1 })).toEqual(one);
  expect(changed.name).toBe(one.name);
  expect(changed.versionedName).not.toBe(one.versionedName);
  expect(identify(STACK, 'Other', { A: 1 }).name).not.toBe(one.name);
  expect(one).toMatchObject({ account: '000000000000', region: 'us-east-1' });
});

test('a name never grows beyond 60 characters', () => {
  const { name, versionedName } = identify(STACK, 'L'.repeat(200), {});
  expect(name.length).toBeLessThanOrEqual(60);
  expect(versionedName.length).toBeLessThanOrEqual(60);
});

test('unless lets the expected error pass and no other', async () => {
  await expect(unless(/NotFound/, () => Promise.reject(new Error('NotFound: it')))).resolves.toBeUndefined();
  await expect(unless(/NotFound/, () => Promise.reject(new Error('AccessDenied')))).rejects.toThrow(
    'AccessDenied',
  );
});

test('names become camel case, the words of users do not', () => {
  expect(
    camelCase({
      LogConfiguration: { LogDriver: 'awslogs', Options: { Mode: 'x' } },
      Environment: [{ Name: 'A' }],
    }),
  ).toEqual({
    logConfiguration: { logDriver: 'awslogs', options: { Mode: 'x' } },
    environment: [{ name: 'A' }],
  });
});
