import type { Entity, Estate } from '../estate';
import { arnOf } from '../names';
import { type Access, isAccount, permits } from './access';
import { mayMean } from './match';
import { once } from '../once';
import { namesPrincipal, type Principal, principalsOf } from './principals';
import { textOr } from '../text';

/** Somebody who can act with the rights of somebody else. */
export interface Becoming {
  /** Who gains rights. */
  readonly who: Principal;
  /** Whose rights they are. */
  readonly whom: Principal;
  /** How, in words that go before the other's name. */
  readonly how: string;
  /** Conditions that the templates do not decide. */
  readonly condition: string;
}

/** What makes something run as a role that is handed to it, with the service that the role is handed to. */
const RUNS_AS: readonly (readonly [action: string, service: string])[] = [
  ['lambda:CreateFunction', 'lambda.amazonaws.com'],
  ['ecs:RegisterTaskDefinition', 'ecs-tasks.amazonaws.com'],
  ['ec2:RunInstances', 'ec2.amazonaws.com'],
  ['codebuild:CreateProject', 'codebuild.amazonaws.com'],
  ['codebuild:UpdateProject', 'codebuild.amazonaws.com'],
  ['cloudformation:CreateStack', 'cloudformation.amazonaws.com'],
  ['cloudformation:UpdateStack', 'cloudformation.amazonaws.com'],
  ['glue:CreateJob', 'glue.amazonaws.com'],
  ['states:CreateStateMachine', 'states.amazonaws.com'],
  ['scheduler:CreateSchedule', 'scheduler.amazonaws.com'],
];

/** What changes the rights of an identity, and so gives whatever it likes. */
const GRANTS_ITSELF = [
  ...['PutRolePolicy', 'AttachRolePolicy', 'UpdateAssumeRolePolicy', 'DeleteRolePermissionsBoundary'],
  ...['PutUserPolicy', 'AttachUserPolicy', 'CreateAccessKey', 'AddUserToGroup', 'PutGroupPolicy'],
  ...['AttachGroupPolicy', 'CreatePolicyVersion', 'SetDefaultPolicyVersion'],
].map((action) => `iam:${action}`);

/** Whether somebody can change rights, and so has every right in the end. */
export const grantsItself = once((principal: Principal): Access => {
  for (const action of GRANTS_ITSELF) {
    const access = permits(principal, { action, resource: `arn:aws:iam::${principal.entity.account}:*` });
    if (access.allowed) return access;
  }
  return { allowed: false };
});

/** Whether a role may be taken: its trust policy names who asks, or leaves it to the account's own policies. */
function assumes(who: Principal, whom: Principal): Access {
  const request = { action: 'sts:AssumeRole', resource: whom.arn };
  const leaves = whom.trust.some(
    ({ effect, principals }) =>
      effect === 'Allow' && principals.some((name) => isAccount(name) && namesPrincipal(name, who)),
  );
  // In a trust policy `Resource` is left out: it means the role.
  return permits(who, { ...request, policy: whom.trust }, leaves);
}

function runsAs(who: Principal, whom: Principal): Access {
  const passed = permits(who, { action: 'iam:PassRole', resource: whom.arn });
  if (!passed.allowed) return passed;
  const trusted = whom.trust
    .filter(({ effect }) => effect === 'Allow')
    .flatMap(({ principals }) => principals);
  for (const [action, service] of RUNS_AS) {
    if (!trusted.some((name) => mayMean(name, service))) continue;
    const access = permits(who, { action, resource: '*' });
    if (access.allowed) return access;
  }
  return { allowed: false };
}

/** Programs with the actions that put other code into them, and whose role they run as. */
function programs(estate: Estate): readonly (readonly [role: Entity, action: string, on: string])[] {
  const roleOf = (value: unknown): Entity[] => {
    const role = estate.meant(value);
    return role ? [role] : [];
  };
  return [
    ...estate
      .ofType('AWS::Lambda::Function')
      .flatMap((entity) =>
        roleOf(entity.properties['Role']).map(
          (role) => [role, 'lambda:UpdateFunctionCode', arnOf(entity)] as const,
        ),
      ),
    ...estate
      .ofType('AWS::ECS::TaskDefinition')
      .flatMap(({ properties, account, region }) =>
        roleOf(properties['TaskRoleArn']).map(
          (role) => [role, 'ecs:ExecuteCommand', `arn:aws:ecs:${region}:${account}:*`] as const,
        ),
      ),
    ...estate
      .ofType('AWS::CodeBuild::Project')
      .flatMap((entity) =>
        roleOf(entity.properties['ServiceRole']).map(
          (role) =>
            [
              role,
              'codebuild:StartBuild',
              `arn:aws:codebuild:${entity.region}:${entity.account}:project/${textOr(entity.properties['Name'], entity.token)}`,
            ] as const,
        ),
      ),
  ];
}

/** Everybody who can act as another identity of the environment, in one step or in several. */
export const becomes = once((estate: Estate): readonly Becoming[] => {
  const principals = principalsOf(estate);
  const replaceable = programs(estate);
  const direct: Becoming[] = [];
  for (const who of principals) {
    const unbounded = grantsItself(who);
    for (const whom of principals) {
      if (who === whom || whom.entity.type !== 'AWS::IAM::Role') continue;
      const note = (how: string, access: Access): boolean => {
        if (access.allowed) direct.push({ who, whom, how, condition: access.condition });
        return access.allowed;
      };
      if (note('changes rights, and so becomes', unbounded)) continue;
      if (note('assumes', assumes(who, whom)) || note('runs programs as', runsAs(who, whom))) continue;
      for (const [role, action, resource] of replaceable)
        if (role === whom.entity && note(`puts code (${action}) into`, permits(who, { action, resource })))
          break;
    }
  }
  return closed(direct);
});

/** Whoever becomes somebody becomes whom that one becomes. */
function closed(direct: readonly Becoming[]): readonly Becoming[] {
  const all = [...direct];
  const seen = new Set(all.map(({ who, whom }) => `${who.arn}\n${whom.arn}`));
  for (let index = 0; index < all.length; index += 1) {
    const step = all[index];
    if (!step) break;
    for (const next of direct) {
      const key = `${step.who.arn}\n${next.whom.arn}`;
      if (next.who !== step.whom || next.whom === step.who || seen.has(key)) continue;
      seen.add(key);
      all.push({
        who: step.who,
        whom: next.whom,
        how: `${step.how} ${step.whom.entity.path}, and so ${next.how}`,
        condition: [step.condition, next.condition].filter((words) => words !== '').join('; '),
      });
    }
  }
  return all;
}
