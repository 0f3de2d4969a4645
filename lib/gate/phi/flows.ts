import type { Entity, Estate } from '../estate/estate';
import { type Path, pathsOf } from '../estate/network/paths';
import { principalsOf } from '../estate/iam/principals';
import { at, isTrue, list } from '../template-rules/values';
import { isWatched, mayHoldHealthData, type Store, storesOf } from './stores';
import { textOr } from '../estate/text';

/** Health data on its way from one place to the next. */
export interface Flow {
  /** Where it comes from. */
  readonly from: string;
  /** Where it goes. */
  readonly to: string;
  /** How it is protected, or what is missing. */
  readonly protection: string;
  /** Whether it is encrypted for certain. */
  readonly encrypted: boolean;
  /** The resource whose settings decide it; absent where the service does. */
  readonly decidedBy?: Entity;
}

const encrypted = (flow: Omit<Flow, 'encrypted'>): Flow => ({ ...flow, encrypted: true });
const plain = (flow: Omit<Flow, 'encrypted'>): Flow => ({ ...flow, encrypted: false });

/** Listeners that take requests of the internet or of clients inside. */
function ofListeners(estate: Estate): Flow[] {
  return estate.ofType('AWS::ElasticLoadBalancingV2::Listener').flatMap((listener): Flow[] => {
    const {
      Protocol: protocol,
      SslPolicy: policy,
      Port: port,
      DefaultActions: actions,
    } = listener.properties;
    const flow = { from: 'clients', to: `${listener.path} on port ${String(port)}`, decidedBy: listener };
    if (protocol === 'HTTPS' || protocol === 'TLS')
      return [encrypted({ ...flow, protection: `TLS by ${textOr(policy, 'the default policy of AWS')}` })];
    const types = list(actions).map((action) => at(action, 'Type'));
    const redirects = list(actions).every((action) => at(action, 'RedirectConfig', 'Protocol') === 'HTTPS');
    if (types.length > 0 && types.every((type) => type === 'redirect') && redirects)
      return [encrypted({ ...flow, protection: 'no content: sent on to HTTPS' })];
    return [plain({ ...flow, protection: `${String(protocol)} is not encrypted` })];
  });
}

/** From a load balancer to what answers. */
function ofTargets(estate: Estate): Flow[] {
  return estate
    .ofType('AWS::ElasticLoadBalancingV2::TargetGroup')
    .filter(({ properties }) => properties['TargetType'] !== 'lambda')
    .map((group): Flow => {
      const protocol = String(group.properties['Protocol']);
      const flow = { from: 'load balancer', to: group.path, decidedBy: group };
      return protocol === 'HTTPS' || protocol === 'TLS'
        ? encrypted({ ...flow, protection: 'TLS to the target' })
        : plain({ ...flow, protection: `${protocol} inside the VPC` });
    });
}

/** The parameter group of a database, with what AWS does without one. */
function forcesTls(estate: Estate, { properties, type }: Entity): string | undefined {
  const name = properties['DBClusterParameterGroupName'] ?? properties['DBParameterGroupName'];
  const parameters = estate.meant(name)?.properties['Parameters'];
  const force = at(parameters, 'rds.force_ssl') ?? at(parameters, 'require_secure_transport');
  const on = force === '1' || force === 1 || String(force).toUpperCase() === 'ON';
  if (!on) return undefined;
  const least = at(parameters, 'ssl_min_protocol_version') ?? at(parameters, 'tls_version');
  return `TLS is forced${typeof least === 'string' ? `, at least ${least}` : ''}; ${type.endsWith('Cluster') ? 'certificates of rds-ca' : 'rds-ca'}`;
}

const DATABASES = ['AWS::RDS::DBCluster', 'AWS::RDS::DBInstance', 'AWS::DocDB::DBCluster'];

function ofDatabases(estate: Estate, stores: readonly Store[]): Flow[] {
  return stores
    .filter(({ entity }) => DATABASES.includes(entity.type))
    .map(({ entity }): Flow => {
      const forced = forcesTls(estate, entity);
      const flow = { from: 'programs', to: entity.path, decidedBy: entity };
      return forced === undefined
        ? plain({ ...flow, protection: 'TLS is not forced by its parameters' })
        : encrypted({ ...flow, protection: forced });
    });
}

const SERVICE_PREFIX: Readonly<Record<string, string>> = {
  'AWS::S3::Bucket': 's3',
  'AWS::SQS::Queue': 'sqs',
  'AWS::SNS::Topic': 'sns',
};

/** Whether the store's policy refuses what does not come by TLS. */
function refusesPlain({ entity, policy }: Store): boolean {
  const prefix = SERVICE_PREFIX[entity.type] ?? '';
  const needed = entity.type === 'AWS::SNS::Topic' ? ['sns:Publish', 'sns:*', '*'] : [`${prefix}:*`, '*'];
  return policy.some(
    ({ effect, actions, exceptActions, principals, condition }) =>
      effect === 'Deny' &&
      !exceptActions &&
      actions.some((action) => needed.includes(action)) &&
      principals.includes('*') &&
      list(at(condition, 'Bool', 'aws:SecureTransport')).some((value) => String(value) === 'false'),
  );
}

function ofServices(stores: readonly Store[]): Flow[] {
  return stores
    .filter((store) => store.entity.type in SERVICE_PREFIX && isWatched(store))
    .map((store): Flow => {
      const flow = { from: 'callers', to: store.entity.path, decidedBy: store.entity };
      return refusesPlain(store)
        ? encrypted({ ...flow, protection: 'its policy refuses what does not come by TLS' })
        : plain({ ...flow, protection: 'its policy takes what does not come by TLS' });
    });
}

/** Stores with a switch of their own for the way. */
function ofSwitches(stores: readonly Store[]): Flow[] {
  return stores.flatMap(({ entity }): Flow[] => {
    const flow = { from: 'programs', to: entity.path, decidedBy: entity };
    const on: Readonly<Record<string, boolean | undefined>> = {
      'AWS::ElastiCache::ReplicationGroup': isTrue(entity.properties['TransitEncryptionEnabled']),
      'AWS::OpenSearchService::Domain': isTrue(
        at(entity.properties, 'DomainEndpointOptions', 'EnforceHTTPS'),
      ),
    };
    const state = on[entity.type];
    if (state === undefined) return [];
    return [
      state
        ? encrypted({ ...flow, protection: 'TLS is enforced' })
        : plain({ ...flow, protection: 'TLS is not enforced' }),
    ];
  });
}

/** From programs to AWS's own endpoints, which decide themselves; port 80 is what would be in the clear. */
function ofPrograms(estate: Estate): Flow[] {
  const { nodes, groups } = pathsOf(estate);
  return nodes
    .filter(({ role, groups: own }) => role === 'program' && own.length > 0)
    .map(({ entity, groups: own }): Flow => {
      const flow = { from: entity.path, to: 'AWS services and the internet', decidedBy: entity };
      return groups.mayOpen(own, 80)
        ? plain({ ...flow, protection: 'its security groups let plain HTTP out' })
        : encrypted({ ...flow, protection: 'its security groups let no plain HTTP out; HTTPS only' });
    });
}

/** What services decide that have no setting in a template. */
function ofMedia(estate: Estate): Flow[] {
  const called = principalsOf(estate).some(({ statements }) =>
    statements.some(
      ({ effect, actions }) =>
        effect === 'Allow' && actions.some((action) => /^chime:Create(Meeting|Attendee)/.test(action)),
    ),
  );
  const mail = estate.ofType('AWS::SES::ConfigurationSet').map((set): Flow => {
    const requires = at(set.properties, 'DeliveryOptions', 'TlsPolicy') === 'REQUIRE';
    const flow = { from: 'Amazon SES', to: 'mail servers of people', decidedBy: set };
    return requires
      ? encrypted({ ...flow, protection: 'TLS is required, or the mail is not delivered' })
      : plain({ ...flow, protection: 'mail goes without TLS where the other side has none' });
  });
  return [
    ...(called
      ? [
          encrypted({
            from: 'people in a visit',
            to: 'Amazon Chime SDK',
            protection: 'signalling by TLS, media by DTLS-SRTP: the service encrypts always, not end to end',
          }),
        ]
      : []),
    ...mail,
  ];
}

const asFlow = ({ steps }: Path): Flow => ({
  from: steps[0] ?? '',
  to: steps.at(-1) ?? '',
  protection: `by way of ${steps.slice(1, -1).join(', ')}; each step has a line of its own`,
  encrypted: true,
});

/** The ways that health data takes in an environment; none where nothing in it may hold any. */
export function flowsOf(estate: Estate): Flow[] {
  const stores = storesOf(estate);
  if (!stores.some(({ classification }) => classification === 'PHI')) return [];
  const holding = stores.filter(mayHoldHealthData);
  return [
    ...ofListeners(estate),
    ...ofTargets(estate),
    ...ofDatabases(estate, holding),
    ...ofSwitches(holding),
    ...ofServices(stores),
    ...ofPrograms(estate),
    ...ofMedia(estate),
    ...pathsOf(estate).application.map(asFlow),
  ];
}
