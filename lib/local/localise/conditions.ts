import type { Json } from '../bridge/literals';

type Statement = Readonly<Record<string, Json>>;

const TAG_OPERATOR = 'ForAnyValue:StringEquals';
const TAG_KEY = 'iam:ResourceTag/aws-cdk:bootstrap-role';
const NAMESPACE_KEY = 'cloudwatch:namespace';
const PRINCIPAL_KEY = 'aws:PrincipalArn';

/**
 * Rewrites the statements of policies that the emulator judges otherwise than IAM does, so that they let in and keep
 * out the same principals and roles there.
 */
export function adaptConditions(value: Json): Json {
  if (Array.isArray(value)) return value.flatMap((child) => [adaptConditions(child), ...looks(child)]);
  if (!isObject(value)) return value;
  return onObject(
    nameBootstrapRoles(value) ?? nameSessions(value) ?? nameStack(value) ?? anyNamespace(value) ?? value,
  );
}

function onObject(value: Statement): Json {
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, adaptConditions(child)]));
}

/**
 * The emulator gives no `iam:ResourceTag` of the role that is to be assumed. Statements that ask for the tag which the
 * CDK's bootstrap puts on its roles ask for their names instead: the bootstrap names each role after its tag.
 */
function nameBootstrapRoles(statement: Statement): Statement | undefined {
  const tags = only(only(statement['Condition'], TAG_OPERATOR), TAG_KEY);
  const resource = statement['Resource'];
  if (typeof resource !== 'string' || !Array.isArray(tags)) return undefined;
  const texts = tags.filter((tag) => typeof tag === 'string');
  const named = texts.map((tag) => resource.replace(/role\/\*$/, `role/cdk-*-${tag}-role-*`));
  return {
    ...Object.fromEntries(Object.entries(statement).filter(([key]) => key !== 'Condition')),
    Resource: named,
  };
}

/** To IAM, `aws:PrincipalArn` of a session is the ARN of its role; to the emulator it is that of the session. */
function nameSessions(statement: Statement): Statement | undefined {
  for (const [operator, adapted] of [
    ['ArnEquals', 'ArnLike'],
    ['ArnNotEquals', 'ArnNotLike'],
  ] as const) {
    const asked = only(only(statement['Condition'], operator), PRINCIPAL_KEY);
    const arns = asked === undefined ? [] : [asked].flat();
    const sessions = arns.flatMap((arn) => sessionsOf(arn) ?? []);
    if (arns.length > 0 && sessions.length === arns.length)
      return { ...statement, Condition: { [adapted]: { [PRINCIPAL_KEY]: [...arns, ...sessions] } } };
  }
  return undefined;
}

/** The sessions of a role that is named, or that stands in the same template. */
function sessionsOf(arn: Json): Json | undefined {
  if (typeof arn === 'string') {
    const [, account, role] = /^arn:aws:iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(arn) ?? [];
    return account === undefined || role === undefined
      ? undefined
      : `arn:aws:sts::${account}:assumed-role/${role}/*`;
  }
  const [id, attribute] = [only(arn, 'Fn::GetAtt')].flat();
  if (typeof id !== 'string' || attribute !== 'Arn') return undefined;
  return { 'Fn::Sub': 'arn:${AWS::Partition}:sts::${AWS::AccountId}:assumed-role/${' + id + '}/*' };
}

/** The emulator asks for a stack by its name alone, with a wildcard for its id; to IAM it is one stack either way. */
function nameStack(statement: Statement): Statement | undefined {
  if (statement['Effect'] === undefined || only(statement['Resource'], 'Ref') !== 'AWS::StackId')
    return undefined;
  const arn =
    'arn:${AWS::Partition}:cloudformation:${AWS::Region}:${AWS::AccountId}:stack/${AWS::StackName}/*';
  return { ...statement, Resource: { 'Fn::Sub': arn } };
}

/** The emulator gives no `cloudwatch:namespace`: who may publish in one namespace may publish in any there. */
function anyNamespace(statement: Statement): Statement | undefined {
  if (only(only(statement['Condition'], 'StringEquals'), NAMESPACE_KEY) === undefined) return undefined;
  return Object.fromEntries(Object.entries(statement).filter(([key]) => key !== 'Condition'));
}

/**
 * Calls that only look, which the emulator asks for on another resource than IAM does: on the cluster instead of the
 * service, and on everything instead of one snapshot.
 */
const LOOKS: Readonly<Record<string, Json>> = {
  'ecs:DescribeServices': {
    'Fn::Sub': 'arn:${AWS::Partition}:ecs:${AWS::Region}:${AWS::AccountId}:cluster/*',
  },
  'rds:DescribeDBClusterSnapshots': '*',
};

/** Statements that allow on the emulator's resource what a statement allows on IAM's. */
function looks(statement: Json): Json[] {
  if (!isObject(statement) || statement['Effect'] !== 'Allow') return [];
  const { Action } = statement;
  const actions = Array.isArray(Action) ? Action : [Action ?? null];
  return Object.entries(LOOKS)
    .filter(([action]) => actions.includes(action))
    .map(([action, Resource]) => ({ Effect: 'Allow', Action: action, Resource }));
}

/** The value of a key in an object that has no other. */
function only(value: Json | undefined, key: string): Json | undefined {
  return isObject(value) && Object.keys(value).length === 1 ? value[key] : undefined;
}

function isObject(value: Json | undefined): value is Record<string, Json> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
