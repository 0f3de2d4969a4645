import fc from 'fast-check';
import {
  environmentNamed,
  loadConfiguration,
  problemsIn,
  written,
  type Written,
} from '../../lib/config/load';
import { ConfigurationError } from '../../lib/config/problem';

/** The written configuration with some settings of one environment replaced. */
function withSettings(name: string, settings: Record<string, unknown>): Written {
  const environments: Record<string, unknown> = { ...written.environments };
  environments[name] = { ...(environments[name] as Record<string, unknown>), ...settings };
  return { ...written, environments };
}

const paths = (input: Written): string[] => problemsIn(input).map(({ path }) => path);

test('the repository’s own configuration passes, in the order that a change takes', () => {
  expect(Object.keys(loadConfiguration().environments)).toEqual(['dev', 'staging', 'prod', 'local']);
});

test('what every refusal is: where, what stands there, what was expected and how to mend it', () => {
  expect(problemsIn(withSettings('dev', { account: undefined }))).toEqual([
    {
      path: 'environments.dev.account',
      value: 'missing',
      expected:
        'twelve digits in quotes, for example "123456789012" (AWS account that holds the environment)',
      mend: 'add account in lib/config/environments/dev.ts',
    },
  ]);
});

test('all problems are reported at once, those between environments too when one has a wrong form', () => {
  const { dev, staging, prod } = written.environments;
  const input: Written = {
    environments: {
      dev: { ...dev, account: 1, network: { cidr: '10.20.0.0/16' } },
      staging: { ...staging, release: { strategy: 'slow' } },
      prod: { ...prod, account: staging.account, approval: false, bakeMinutes: 'long' },
    },
    pipeline: { ...written.pipeline, repository: 'nowhere' },
  };
  expect(paths(input).sort()).toEqual([
    'environments.dev.account',
    'environments.prod.account',
    'environments.prod.approval',
    'environments.prod.bakeMinutes',
    'environments.staging.network.cidr',
    'environments.staging.release.strategy',
    'pipeline.repository',
  ]);
  expect(() => loadConfiguration(input)).toThrow(ConfigurationError);
  expect(() => loadConfiguration(input)).toThrow(/^The configuration has 7 problems:\n/);
});

test.each<[string, string, Record<string, unknown>, string]>([
  [
    'dev',
    'a range that overlaps another environment’s',
    { network: { cidr: '10.20.128.0/17' } },
    'staging.network.cidr',
  ],
  ['dev', 'a range that is not private', { network: { cidr: '8.8.0.0/16' } }, 'dev.network.cidr'],
  ['dev', 'a range that is too small', { network: { cidr: '10.10.0.0/24' } }, 'dev.network.cidr'],
  [
    'dev',
    'audit data kept for less than six years',
    { retention: { auditDays: 1827 } },
    'dev.retention.auditDays',
  ],
  [
    'dev',
    'a retention that CloudWatch does not have',
    { retention: { auditDays: 2555 } },
    'dev.retention.auditDays',
  ],
  ['dev', 'a listener without a certificate', { certificateArn: undefined }, 'dev.certificateArn'],
  [
    'dev',
    'a certificate of another account',
    { certificateArn: 'arn:aws:acm:us-east-1:999999999999:certificate/x' },
    'dev.certificateArn',
  ],
  [
    'dev',
    'a task size that Fargate does not have',
    { api: { cpu: 256, memoryMiB: 4096 } },
    'dev.api.memoryMiB',
  ],
  ['dev', 'a name other than its key', { name: 'other' }, 'dev.name'],
  [
    'dev',
    'zones of another region',
    { availabilityZones: ['eu-west-1a', 'us-east-1b'] },
    'dev.availabilityZones.0',
  ],
  [
    'dev',
    'the same zone twice',
    { availabilityZones: ['us-east-1a', 'us-east-1a'] },
    'dev.availabilityZones',
  ],
  [
    'dev',
    'more NAT gateways than zones',
    { availabilityZones: ['us-east-1a', 'us-east-1b'], network: { cidr: '10.10.0.0/16', natGateways: 3 } },
    'dev.network.natGateways',
  ],
  [
    'dev',
    'least capacity above most',
    { database: { minCapacity: 4, maxCapacity: 2 } },
    'dev.database.minCapacity',
  ],
  ['dev', 'least tasks above most', { api: { minTasks: 4, maxTasks: 2 } }, 'dev.api.minTasks'],
  ['dev', 'a copy into its own region', { backup: { copyRegion: 'us-east-1' } }, 'dev.backup.copyRegion'],
  ['dev', 'a misspelt setting', { recordings: {} }, 'dev.recordings'],
  [
    'staging',
    'a load that the web firewall takes for an attack when it is sent twice',
    { loadSmoke: { rps: 10, seconds: 101 } },
    'staging.loadSmoke.rps',
  ],
  [
    'staging',
    'a load that outlasts the token that it is sent with',
    { loadSmoke: { rps: 1, seconds: 241 } },
    'staging.loadSmoke.seconds',
  ],
  [
    'dev',
    'a practice of people under the name of the synthetic one',
    {
      signUp: {
        domains: [{ emailDomain: 'clinic.example', organisation: 'synthetic-practice', role: 'SUPPORT' }],
      },
    },
    'dev.signUp.domains.0.organisation',
  ],
  ['prod', 'all at once in production', { release: { strategy: 'all-at-once' } }, 'prod.release.strategy'],
  ['prod', 'production that can be destroyed', { removal: 'destroy' }, 'prod.removal'],
  ['prod', 'production without a reader', { database: {} }, 'prod.database.readers'],
  ['prod', 'production with one task', { api: { minTasks: 1 } }, 'prod.api.minTasks'],
  ['prod', 'production without an approval', { approval: false }, 'prod.approval'],
  ['prod', 'production that alarms nobody', { alarmEmails: [] }, 'prod.alarmEmails'],
  ['prod', 'production without time to fall back', { bakeMinutes: 1 }, 'prod.bakeMinutes'],
  ['dev', 'a bake that no build watches to its end', { bakeMinutes: 421 }, 'dev.bakeMinutes'],
  [
    'prod',
    'a shift and a bake that no build watches to their end',
    { release: { strategy: 'linear', percentage: 1, intervalMinutes: 4 }, bakeMinutes: 30 },
    'prod.bakeMinutes',
  ],
])('%s is refused for %s', (name, _what, settings, path) => {
  expect(paths(withSettings(name, settings))).toEqual([`environments.${path}`]);
});

test('production shares an account only when both sides say so', () => {
  const { staging, prod } = written.environments;
  const shared = (first: string[], second: string[]): Written => ({
    ...written,
    environments: {
      staging: { ...staging, sharesAccountWith: first },
      prod: { ...prod, account: staging.account, sharesAccountWith: second },
    },
  });
  expect(paths(shared([], []))).toEqual(['environments.prod.account']);
  expect(paths(shared(['prod'], []))).toEqual(['environments.prod.account']);
  expect(paths(shared(['prod'], ['staging']))).toEqual([]);
});

test('the longest release that a build watches to its end is taken', () => {
  const release = { strategy: 'linear', percentage: 10, intervalMinutes: 20 };
  expect(paths(withSettings('prod', { release, bakeMinutes: 240 }))).toEqual([]);
  expect(paths(withSettings('prod', { release, bakeMinutes: 241 }))).toHaveLength(1);
});

test('an environment is found by its name, and by no word that objects know of themselves', () => {
  const { environments } = loadConfiguration();
  expect(environmentNamed(environments, 'prod')).toBe(environments['prod']);
  for (const name of ['toString', 'constructor', '__proto__', 'production'])
    expect(environmentNamed(environments, name)).toBeUndefined();
});

/** Any JSON-like value, and the odd ones that a typed file could still hold. */
const anything = fc.oneof(fc.jsonValue(), fc.constantFrom(undefined, NaN, Infinity, -1, '', [], {}));

test('no value of any setting makes loading crash: it resolves, or says what is wrong in plain words', () => {
  const setting = fc.constantFrom(
    ...Object.keys({ ...written.environments.prod, unheardOf: 0, retention: 0 }),
  );
  fc.assert(
    fc.property(fc.constantFrom('dev', 'staging', 'prod', 'local'), setting, anything, (name, key, value) => {
      for (const problem of problemsIn(withSettings(name, { [key]: value }))) {
        expect(problem.path).toMatch(/^environments\./);
        expect(problem.expected).not.toMatch(/undefined|NaN|Invalid|received|Unrecognized/);
        expect(problem.mend).toContain('lib/config/environments/');
      }
    }),
    { numRuns: 300 },
  );
});

test('a wrong form in one setting never hides what is wrong in another', () => {
  const wrong = {
    account: 7,
    region: 'nowhere',
    owner: '',
    costCenter: 1,
    bakeMinutes: 0.5,
    removal: 'gone',
  };
  fc.assert(
    fc.property(fc.subarray(Object.keys(wrong) as (keyof typeof wrong)[], { minLength: 1 }), (keys) => {
      const settings = Object.fromEntries(keys.map((key) => [key, wrong[key]]));
      const found = paths(withSettings('dev', { ...settings, api: { minTasks: 9, maxTasks: 2 } }));
      expect(found.sort()).toEqual(
        [...keys.map((key) => `environments.dev.${key}`), 'environments.dev.api.minTasks'].sort(),
      );
    }),
  );
});

test('resolving is stable: what is resolved resolves to itself', () => {
  const once = loadConfiguration();
  expect(loadConfiguration(once)).toEqual(once);
});
