import { loadConfiguration } from '../../../lib/config/load';
import { estateOf } from '../../../lib/gate/estate/estate';
import { phiMapOf } from '../../../lib/gate/phi/map';
import type { PhiMap } from '../../../lib/gate/report/model';
import { platformStacks } from '../../platform/assembly';

const STAGE = 'Pipeline/Prod/';

/** As people say it: without the stage, and without the hash that CDK ends logical ids with. */
const short = (path: string): string => path.replace(STAGE, '').replace(/[0-9A-F]{8}$/, '');

let map: PhiMap;
beforeAll(() => {
  const { prod } = loadConfiguration().environments;
  if (!prod) throw new Error('there is no prod');
  const { account, region } = prod;
  const stacks = platformStacks()
    .filter(({ path }) => path.startsWith(STAGE))
    .map(({ path, template }) => ({ path, account, region, template }));
  expect(stacks).toHaveLength(5);
  map = phiMapOf(new Map([['Prod', estateOf(stacks)]]));
});

function store(path: string): PhiMap['stores'][number] {
  const found = map.stores.find((one) => short(one.path) === path);
  if (!found) throw new Error(`there is no store ${path}`);
  return found;
}

/** Who comes to a store, and how. */
const readers = (path: string): Record<string, string> =>
  Object.fromEntries(store(path).readers.map(({ name, how }) => [short(name), how]));

/** Who reads health data or its audit in prod: whoever adds a reader has to say so here. */
const READERS: readonly (readonly [string, string, Readonly<Record<string, string>>])[] = [
  [
    'the visits database',
    'Data/DatabaseCluster',
    {
      'Auth/ApiRole': 'signs in to it',
      'Data/MigrationsPreparerRole': 'takes the password of its master user',
      'Data/MigrationsRunnerRole': 'signs in to it',
      'Data/MigrationsTellerRole': 'signs in to it',
      'Data/RestoreTestingRole': 'restores a copy of it',
    },
  ],
  [
    'the documents',
    'Data/BucketsDocuments',
    { 'Auth/ApiRole': 'reads it', 'Data/BackupRole': 'reads it', 'Data/RestoreTestingRole': 'reads it' },
  ],
  [
    'the recordings',
    'Video/RecordingsBucket',
    { 'Data/BackupRole': 'reads it', 'Data/RestoreTestingRole': 'reads it' },
  ],
  [
    'patients before their first visit',
    'Data/TablesProvisionalPatients',
    { 'Auth/ApiRole': 'reads it', 'Data/RestoreTestingRole': 'reads it' },
  ],
  ['the audit events', 'Data/TablesAuditEvents', { 'Data/RestoreTestingRole': 'reads it' }],
  ['the log of the database', 'Data/DatabaseLogs', {}],
];

test.each(READERS)('%s in prod can be read by these and nobody else', (_, path, expected) => {
  expect(readers(path)).toEqual(expected);
});

const PLANNED = 'Daily, kept 35 days; copied to telehealth-prod-copy in us-west-2, kept 35 days';

test('each store of health data and of audit in prod has this key, retention and backup', () => {
  const kept = map.stores
    .filter(({ classification }) => ['PHI', 'Audit'].includes(classification))
    .map(({ path, key, retention, backup }) => [short(path), [short(key), retention, backup]] as const);
  expect(Object.fromEntries(kept)).toEqual({
    'Data/BackupVault': ['Data/KeysBackup', 'locked, at least 35 days', 'none'],
    'Data/BucketsDocuments': [
      'Data/KeysPhi',
      'versioned; old versions end after 2557 days (7 years); objects under uploads/ end after 7 days; old versions under uploads/ end after 7 days',
      PLANNED,
    ],
    'Data/DatabaseCluster': [
      'Data/KeysPhi',
      'until deleted; deletion protection',
      `${PLANNED}; its own, kept 35 days`,
    ],
    'Data/DatabaseLogs': ['Network/OperationsLogKey', '2557 days (7 years)', 'none'],
    'Data/TablesProvisionalPatients': [
      'Data/KeysPhi',
      'until the item says; point-in-time recovery; deletion protection',
      PLANNED,
    ],
    'Video/RecordingsBucket': [
      'Video/RecordingsKey',
      'Object Lock compliance 2557 days (7 years); versioned; old versions end after 30 days; objects end after 2557 days (7 years)',
      'none',
    ],
    'App/FirewallLog': ['Network/OperationsLogKey', '90 days', 'none'],
    'Data/BucketsEvidence': [
      'Data/KeysAudit',
      'Object Lock compliance 2557 days (7 years); versioned; old versions end after 2557 days (7 years)',
      PLANNED,
    ],
    'Data/ReleasesTable': [
      'Data/KeysAudit',
      'until deleted; point-in-time recovery; deletion protection',
      PLANNED,
    ],
    'Data/TablesAuditEvents': [
      'Data/KeysAudit',
      'until the item says; point-in-time recovery; deletion protection',
      PLANNED,
    ],
    'Network/FlowLogsLogGroup': ['Network/OperationsLogKey', '2557 days (7 years)', 'none'],
    'Network/OperationsAccessLogs': [
      'none',
      'versioned; objects end after 2557 days (7 years); old versions end after 30 days',
      'none',
    ],
  });
});

test('every key of health data rotates, nothing is left unclassified, and only the last step inside the VPC is in the clear', () => {
  const phi = map.stores.filter(({ classification }) => classification === 'PHI');
  expect(phi.filter(({ rotation }) => rotation !== 'every year')).toEqual([]);
  expect(map.stores.filter(({ classification }) => classification === 'unclassified')).toEqual([]);
  expect(map.flows.length).toBeGreaterThan(5);
  // Accepted beside the target groups: the load balancer speaks HTTP to the tasks.
  expect(map.flows.filter(({ encrypted }) => !encrypted).map(({ to }) => short(to))).toEqual([
    'App/FrontBlue',
    'App/FrontGreen',
  ]);
  expect(map.services.used.filter(({ standing }) => standing === 'not listed')).toEqual([]);
  expect(map.columns.length).toBeGreaterThan(20);
});
