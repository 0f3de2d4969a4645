import { at, list } from '../../template-rules/values';
import type { Entity, Estate } from '../estate';
import { arnOf, nameOf } from '../names';
import { awsManagedPolicy } from './managed';
import { once } from '../once';
import { type Statement, statementsOf } from './statements';

/** Somebody or something that the templates give rights to. */
export interface Principal {
  /** The role, user or group. */
  readonly entity: Entity;
  /** Its ARN. */
  readonly arn: string;
  /** What its policies say, wherever they are attached. */
  readonly statements: readonly Statement[];
  /** What bounds it; absent where nothing does. */
  readonly boundary?: readonly Statement[];
  /** Who may become it, as its trust policy says; empty for users and groups. */
  readonly trust: readonly Statement[];
}

const KINDS = {
  'AWS::IAM::Role': 'Roles',
  'AWS::IAM::User': 'Users',
  'AWS::IAM::Group': 'Groups',
} as const;

function attached(estate: Estate, arn: unknown): Statement[] {
  const policy = estate.meant(arn);
  if (policy?.type === 'AWS::IAM::ManagedPolicy')
    return statementsOf(policy.properties['PolicyDocument'], !policy.conditional);
  return statementsOf(awsManagedPolicy(String(arn)));
}

/** What stands in the identity's own properties. */
function ownPolicies(estate: Estate, { properties }: Entity): Statement[] {
  return [
    ...list(properties['Policies']).flatMap((policy) => statementsOf(at(policy, 'PolicyDocument') ?? policy)),
    ...list(properties['ManagedPolicyArns']).flatMap((arn) => attached(estate, arn)),
  ];
}

/** Policies by the identity that they name as theirs, the other way round. */
function reversePolicies(estate: Estate): ReadonlyMap<Entity, Statement[]> {
  const found = new Map<Entity, Statement[]>();
  for (const policy of estate.ofType(
    ...['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy', 'AWS::IAM::RolePolicy', 'AWS::IAM::UserPolicy'],
    'AWS::IAM::GroupPolicy',
  )) {
    const { properties, conditional } = policy;
    const named = ['Roles', 'Users', 'Groups', 'RoleName', 'UserName', 'GroupName'].flatMap((key) =>
      list(properties[key]),
    );
    for (const name of named) {
      const identity = estate.meant(name);
      if (!identity || !(identity.type in KINDS)) continue;
      const statements = statementsOf(properties['PolicyDocument'], !conditional);
      found.set(identity, [...(found.get(identity) ?? []), ...statements]);
    }
  }
  return found;
}

/** The groups of each user, as the user or an addition to the group says. */
function groupsOf(estate: Estate, user: Entity): Entity[] {
  const added = estate
    .ofType('AWS::IAM::UserToGroupAddition')
    .filter(({ properties }) => list(properties['Users']).some((name) => estate.meant(name) === user))
    .map(({ properties }) => properties['GroupName']);
  return [...list(user.properties['Groups']), ...added].flatMap((name) => {
    const group = estate.meant(name);
    return group?.type === 'AWS::IAM::Group' ? [group] : [];
  });
}

/** Every role, user and group of the environment with all of its policies. */
export const principalsOf = once((estate: Estate): readonly Principal[] => {
  const reverse = reversePolicies(estate);
  return estate.ofType('AWS::IAM::Role', 'AWS::IAM::User', 'AWS::IAM::Group').map((entity): Principal => {
    const bounded = entity.properties['PermissionsBoundary'];
    const sources = [entity, ...(entity.type === 'AWS::IAM::User' ? groupsOf(estate, entity) : [])];
    return {
      entity,
      arn: arnOf(entity),
      statements: sources.flatMap((source) => [
        ...ownPolicies(estate, source),
        ...(reverse.get(source) ?? []),
      ]),
      ...(bounded !== undefined && { boundary: attached(estate, bounded) }),
      trust: statementsOf(entity.properties['AssumeRolePolicyDocument']),
    };
  });
});

/** Who may become the principal, in words. */
export function assumedBy({ trust }: Principal): string[] {
  return [
    ...new Set(trust.filter(({ effect }) => effect === 'Allow').flatMap((one) => one.principals)),
  ].sort();
}

/** Whether a principal of a resource policy means the identity: by its ARN, its account or everybody. */
export function namesPrincipal(named: string, { arn, entity }: Principal): boolean {
  return (
    named === '*' ||
    named === arn ||
    named === nameOf(entity) ||
    named === entity.account ||
    named === `arn:aws:iam::${entity.account}:root`
  );
}
