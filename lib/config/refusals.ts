import { cidrsOverlap } from './cidr';
import { SYNTHETIC } from '../identity/synthetic';
import { AUDIT_RETENTION_DAYS, type Environment, REQUESTS_PER_FIVE_MINUTES } from './schema';

/** Six years, the least that 45 CFR 164.316(b)(2)(i) allows for audit records, in days. */
const LEAST_AUDIT_RETENTION_DAYS = 2192;

/**
 * The longest that a shift and its bake may take. The step that watches them is a build, which AWS ends after eight hours
 * (CodeBuild user guide, quotas); one is left to the start of the tasks and to the hooks.
 */
const LONGEST_RELEASE_MINUTES = 7 * 60;

/** Fargate's memory choices per CPU size, in MiB. Source: Amazon ECS developer guide, task CPU and memory. */
const FARGATE_MEMORY_MIB: Readonly<Record<number, readonly number[]>> = {
  256: [512, 1024, 2048],
  512: [1024, 2048, 3072, 4096],
  1024: [2048, 3072, 4096, 5120, 6144, 7168, 8192],
  2048: [4096, 5120, 6144, 7168, 8192, 9216, 10240, 11264, 12288, 13312, 14336, 15360, 16384],
};

/** A setting that has the right form and is refused all the same. */
export interface Refusal {
  /** Where it is, within the environment. */
  readonly path: readonly (string | number)[];
  /** What was expected. */
  readonly expected: string;
  /** How to mend it. */
  readonly mend: string;
}

/** What is known of an environment: the settings that have the right form. */
export type Known = Partial<Environment>;

type Rule = (known: Known) => readonly Refusal[];

/** A rule over some settings; it is not asked while one of them has the wrong form. */
function rule<K extends keyof Environment>(
  needs: readonly K[],
  check: (environment: Pick<Environment, K>) => readonly (Refusal | false)[],
): Rule {
  return (known) =>
    needs.every((key) => key in known)
      ? check(known as Pick<Environment, K>).filter((refusal) => refusal !== false)
      : [];
}

/** How long all traffic takes to move. */
function shiftMinutes(release: Environment['release']): number {
  if (release.strategy === 'all-at-once') return 0;
  const steps = release.strategy === 'canary' ? 1 : Math.ceil(100 / release.percentage) - 1;
  return steps * release.intervalMinutes;
}

/** A rule that holds in production alone. */
function inProduction<K extends keyof Environment>(
  key: K,
  check: (value: Environment[K]) => Refusal | false,
): Rule {
  return rule(['tier', key], (environment) => [
    environment.tier === 'production' && check((environment as Pick<Environment, K>)[key]),
  ]);
}

const RULES: readonly Rule[] = [
  rule(['region', 'domain'], ({ region, domain }) => [
    domain !== undefined &&
      domain.authCertificateArn === undefined &&
      region !== 'us-east-1' && {
        path: ['domain', 'authCertificateArn'],
        expected: 'a certificate in us-east-1 for auth.<domain>, since the environment is in another region',
        mend: 'make one there and name its ARN',
      },
  ]),
  rule(['database'], ({ database: { minCapacity, maxCapacity } }) => [
    minCapacity > maxCapacity && {
      path: ['database', 'minCapacity'],
      expected: `at most database.maxCapacity (${maxCapacity})`,
      mend: 'lower minCapacity or raise maxCapacity',
    },
  ]),
  rule(['api'], ({ api: { minTasks, maxTasks, cpu, memoryMiB } }) => {
    const memory = FARGATE_MEMORY_MIB[cpu] ?? [];
    return [
      minTasks > maxTasks && {
        path: ['api', 'minTasks'],
        expected: `at most api.maxTasks (${maxTasks})`,
        mend: 'lower minTasks or raise maxTasks',
      },
      !memory.includes(memoryMiB) && {
        path: ['api', 'memoryMiB'],
        expected: `one of ${memory.join(', ')} for ${cpu} CPU units`,
        mend: 'choose a pair that Fargate offers',
      },
    ];
  }),
  rule(['network', 'availabilityZones'], ({ network: { natGateways }, availabilityZones }) => [
    natGateways > availabilityZones.length && {
      path: ['network', 'natGateways'],
      expected: `at most one an availability zone (${availabilityZones.length})`,
      mend: 'lower natGateways or add availability zones',
    },
  ]),
  rule(['retention'], ({ retention: { auditDays } }) => [
    auditDays < LEAST_AUDIT_RETENTION_DAYS && {
      path: ['retention', 'auditDays'],
      expected: `at least ${LEAST_AUDIT_RETENTION_DAYS} (six years, 45 CFR 164.316(b)(2)(i))`,
      mend: `use ${AUDIT_RETENTION_DAYS}`,
    },
  ]),
  rule(['domain', 'certificateArn'], ({ domain, certificateArn }) => [
    !domain &&
      certificateArn === undefined && {
        path: ['certificateArn'],
        expected: 'a certificate for the public listener: a domain to make one for, or a certificateArn',
        mend: 'set domain or certificateArn',
      },
  ]),
  rule(['certificateArn', 'account', 'region'], ({ certificateArn, account, region }) => [
    certificateArn !== undefined &&
      !certificateArn.startsWith(`arn:aws:acm:${region}:${account}:`) && {
        path: ['certificateArn'],
        expected: `a certificate of account ${account} in ${region}, as load balancers want`,
        mend: 'import or request the certificate there and name it',
      },
  ]),
  rule(['region', 'availabilityZones'], ({ region, availabilityZones }) => [
    ...availabilityZones.map((zone, index) =>
      zone.startsWith(region) && zone.length === region.length + 1
        ? (false as const)
        : {
            path: ['availabilityZones', index],
            expected: `a zone of ${region}`,
            mend: `use for example ${region}a`,
          },
    ),
    new Set(availabilityZones).size !== availabilityZones.length && {
      path: ['availabilityZones'],
      expected: 'each zone once',
      mend: 'remove the repeated zone',
    },
  ]),
  rule(['region', 'backup'], ({ region, backup }) => [
    backup.copyRegion === region && {
      path: ['backup', 'copyRegion'],
      expected: "a region other than the environment's own",
      mend: 'name another region or leave copyRegion out',
    },
  ]),
  rule(['signUp'], ({ signUp: { domains } }) =>
    domains.map(
      ({ organisation }, index) =>
        organisation === SYNTHETIC.organisation && {
          path: ['signUp', 'domains', index, 'organisation'],
          expected: `a practice that people work for; ${SYNTHETIC.organisation} is kept for the person that releases are tried as`,
          mend: 'name another organisation',
        },
    ),
  ),
  rule(['loadSmoke'], ({ loadSmoke: { rps, seconds } }) => [
    // Half, so that a step that is tried again at once is not taken for an attack.
    rps * seconds > REQUESTS_PER_FIVE_MINUTES / 2 && {
      path: ['loadSmoke', 'rps'],
      expected: `at most ${REQUESTS_PER_FIVE_MINUTES / 2} requests in all (${rps} times ${seconds} are ${rps * seconds}): half of what the web firewall lets one address send in five minutes`,
      mend: 'lower loadSmoke.rps or loadSmoke.seconds',
    },
  ]),
  rule(['release', 'bakeMinutes'], ({ release, bakeMinutes }) => {
    const shift = shiftMinutes(release);
    return [
      shift + bakeMinutes > LONGEST_RELEASE_MINUTES && {
        path: ['bakeMinutes'],
        expected: `at most ${LONGEST_RELEASE_MINUTES} minutes of shift and bake together (${shift} and ${bakeMinutes} are ${shift + bakeMinutes}): the build that watches a release ends after eight hours`,
        mend: 'lower bakeMinutes, or move the traffic in fewer or shorter steps',
      },
    ];
  }),
  inProduction(
    'release',
    ({ strategy }) =>
      strategy === 'all-at-once' && {
        path: ['release', 'strategy'],
        expected: '"canary" or "linear" in production',
        mend: 'shift traffic in steps, so that an alarm can stop a bad version',
      },
  ),
  inProduction(
    'removal',
    (removal) =>
      removal !== 'retain' && {
        path: ['removal'],
        expected: '"retain" in production',
        mend: 'remove the setting: "retain" is the default',
      },
  ),
  inProduction(
    'database',
    ({ readers }) =>
      readers < 1 && {
        path: ['database', 'readers'],
        expected: 'at least 1 in production',
        mend: 'add a reader to fail over to',
      },
  ),
  inProduction(
    'api',
    ({ minTasks }) =>
      minTasks < 2 && {
        path: ['api', 'minTasks'],
        expected: 'at least 2 in production',
        mend: 'run a task in more than one availability zone',
      },
  ),
  inProduction(
    'approval',
    (approval) =>
      !approval && {
        path: ['approval'],
        expected: 'true in production',
        mend: 'let a person approve before production changes',
      },
  ),
  inProduction(
    'alarmEmails',
    (addresses) =>
      addresses.length === 0 && {
        path: ['alarmEmails'],
        expected: 'at least one address in production',
        mend: 'name the address of the team on call',
      },
  ),
  inProduction(
    'bakeMinutes',
    (minutes) =>
      minutes < 5 && {
        path: ['bakeMinutes'],
        expected: 'at least 5 in production',
        mend: 'keep the old version ready long enough to fall back to',
      },
  ),
];

/** What is refused in one environment, judged by the settings that have the right form. */
export function refusals(known: Known): readonly Refusal[] {
  return RULES.flatMap((check) => check(known));
}

/**
 * What is refused between two environments, told of the second.
 * @param name - what the first is registered under
 * @param first - the environment registered earlier
 * @param second - the one registered later
 */
export function refusalsBetween(name: string, first: Known, second: Known): readonly Refusal[] {
  const refused: Refusal[] = [];
  const isolated = first.tier !== 'local' && second.tier !== 'local';
  if (first.network && second.network && isolated && cidrsOverlap(first.network.cidr, second.network.cidr))
    refused.push({
      path: ['network', 'cidr'],
      expected: `a range that does not overlap ${name}'s (${first.network.cidr})`,
      mend: 'choose another range, so that the VPCs can be joined one day',
    });
  const said = (a: Known, b: Known): boolean =>
    b.name !== undefined && (a.sharesAccountWith ?? []).includes(b.name);
  const production = first.tier === 'production' || second.tier === 'production';
  if (first.account !== undefined && first.account === second.account && production)
    if (!said(first, second) || !said(second, first))
      refused.push({
        path: ['account'],
        expected: `an account other than ${name}'s`,
        mend: 'give production an account of its own, or name each other in sharesAccountWith',
      });
  return refused;
}
