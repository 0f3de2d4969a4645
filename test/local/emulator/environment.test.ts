import { clientEnvironment } from '../../../lib/local/emulator';

const cloud = {
  endpoint: 'https://127.0.0.1:4566',
  region: 'us-east-1',
  account: '000000000000',
  caFile: '/ca.crt',
};

test("nothing of the user's credentials, profiles or proxies is passed on", () => {
  const before = { ...process.env };
  Object.assign(process.env, {
    AWS_PROFILE: 'production',
    AWS_ACCESS_KEY_ID: 'AKIAREAL',
    AWS_SESSION_TOKEN: 'real',
    HTTPS_PROXY: 'http://proxy:1',
  });
  try {
    const environment = clientEnvironment(cloud, '/home');
    expect(environment).not.toHaveProperty('AWS_PROFILE');
    expect(environment).not.toHaveProperty('AWS_SESSION_TOKEN');
    expect(environment).not.toHaveProperty('HTTPS_PROXY');
    expect(environment).toMatchObject({
      AWS_ACCESS_KEY_ID: '000000000000',
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      AWS_EC2_METADATA_DISABLED: 'true',
    });
  } finally {
    process.env = before;
  }
});

test.each(['https://sts.amazonaws.com', 'https://127.0.0.1.example.org', 'https://10.0.0.1:4566'])(
  'refuses %s',
  (endpoint) => {
    expect(() => clientEnvironment({ ...cloud, endpoint }, '/home')).toThrow(/refuses/);
  },
);
