import { readEnvironment } from '../../app/src/env';

const LEAST = {
  AWS_REGION: 'us-east-1',
  USER_POOL_ID: 'us-east-1_Abc123',
  USER_POOL_CLIENT_IDS: 'web, api',
  DATABASE_HOST: 'writer.example',
  DATABASE_NAME: 'telehealth',
  DATABASE_USER: 'telehealth_api',
};

test('what may be left out has a default', () => {
  expect(readEnvironment(LEAST)).toEqual({
    ...LEAST,
    USER_POOL_CLIENT_IDS: ['web', 'api'],
    PORT: 3000,
    HOST: '0.0.0.0',
    VERSION: '0.0.0-development',
    COMMIT: 'unknown',
    LOG_LEVEL: 'info',
    DATABASE_PORT: 5432,
    DATABASE_POOL_SIZE: 10,
    DATABASE_DEADLINE_SECONDS: 2,
    DRAIN_NOTICE_SECONDS: 5,
    DRAIN_SECONDS: 25,
  });
});

test('everything that is wrong is told at once, by name and without its value', () => {
  const wrong = {
    ...LEAST,
    AWS_REGION: undefined,
    PORT: '3000; s3cret',
    DATABASE_PORT: '',
    USER_POOL_ID: 's3cret',
  };
  let message = '';
  try {
    readEnvironment(wrong);
  } catch (error) {
    message = String(error);
  }
  for (const name of ['AWS_REGION', 'PORT', 'DATABASE_PORT', 'USER_POOL_ID'])
    expect(message).toContain(`  ${name}: `);
  expect(message).not.toContain('s3cret');
});

test.each(['', '-1', '65536', '1e3', 'three', ' 80', 'NaN', 'Infinity'])('the port %j is refused', (PORT) => {
  expect(() => readEnvironment({ ...LEAST, PORT })).toThrow(/ {2}PORT: /);
});

test.each(['', ',', 'web,'])('the list of clients %j is refused', (USER_POOL_CLIENT_IDS) => {
  expect(() => readEnvironment({ ...LEAST, USER_POOL_CLIENT_IDS })).toThrow(/USER_POOL_CLIENT_IDS/);
});
