import { isAbsent, isIntrinsic, isObject, listOf, show } from './values';

/** A statement of a policy as the template has it. */
export type Statement = Readonly<Record<string, unknown>>;

/** What the policies of a resource say. */
export interface Said {
  /** Their statements, wherever they stand. */
  readonly statements: readonly Statement[];
  /** Policies and statements that only the deployment tells, each in one line. */
  readonly unread: readonly string[];
}

const NOTHING: Said = { statements: [], unread: [] };
/** Properties that hold a policy, as an object or as text. */
const POLICY = /Polic(y|ies)(Document|Text)?$/;

/**
 * Reads every policy within a value of a template, also where text is joined of parts, and in both branches of a choice.
 *
 * @param when - the choices that lead to the value: what is denied in one branch alone is denied on that condition
 */
export function policiesIn(value: unknown, name = '', when: readonly string[] = []): Said {
  if (Array.isArray(value)) return all(value.map((one) => policiesIn(one, name, when)));
  const text = textOf(value);
  if (text !== undefined) return ofText(text, POLICY.test(name));
  if (!isObject(value)) return NOTHING;
  const branches = branchesOf(value);
  if (branches) return all(branches.map(([one, on]) => policiesIn(one, name, [...when, on])));
  const parts = Object.entries(value).map(([key, inner]) =>
    key === 'Statement' ? ofStatements(inner, when) : policiesIn(inner, key, when),
  );
  return all([...parts, isReference(value) && POLICY.test(name) ? unread(value) : NOTHING]);
}

function ofText(text: string, isPolicy: boolean): Said {
  if (!text.trimStart().startsWith('{')) return NOTHING;
  try {
    return policiesIn(JSON.parse(text) as unknown);
  } catch {
    return isPolicy || text.includes('"Statement"') ? unread(text) : NOTHING;
  }
}

function ofStatements(value: unknown, when: readonly string[]): Said {
  return all(
    listOf(value).map((one) => {
      if (!isObject(one)) return NOTHING;
      const branches = branchesOf(one);
      if (branches) return all(branches.map(([inner, on]) => ofStatements(inner, [...when, on])));
      if (typeof one.Effect === 'string') return { statements: [bound(one, when)], unread: [] };
      // Web firewalls have statements of another kind.
      return isReference(one) || one.Effect !== undefined ? unread(one) : NOTHING;
    }),
  );
}

/** Both branches of a choice, each with the condition that it has. */
function branchesOf({ 'Fn::If': choice }: Statement): readonly (readonly [unknown, string])[] | undefined {
  if (!Array.isArray(choice)) return undefined;
  const [condition, yes, no] = choice as readonly unknown[];
  return [
    [yes, String(condition)],
    [no, `not ${String(condition)}`],
  ];
}

function bound(statement: Statement, when: readonly string[]): Statement {
  if (statement.Effect !== 'Deny' || when.length === 0) return statement;
  const conditions = isObject(statement.Condition) ? statement.Condition : {};
  return { ...statement, Condition: { ...conditions, 'Fn::If': when } };
}

/** Text as it stands or is put together; what is put into it is escaped, so that it can be read as JSON still. */
function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (!isObject(value)) return undefined;
  const { 'Fn::Sub': pattern, 'Fn::Join': join } = value;
  if (typeof pattern === 'string') return pattern;
  if (Array.isArray(pattern) && typeof pattern[0] === 'string') return pattern[0];
  if (!Array.isArray(join)) return undefined;
  const [separator, parts] = join as readonly unknown[];
  return listOf(parts)
    .map((part) => (typeof part === 'string' ? part : JSON.stringify(show(part)).slice(1, -1)))
    .join(String(separator));
}

function isReference(value: Statement): boolean {
  return isIntrinsic(value) && !('Fn::If' in value) && !isAbsent(value);
}

function unread(value: unknown): Said {
  return { statements: [], unread: [show(value)] };
}

function all(these: readonly Said[]): Said {
  return {
    statements: these.flatMap(({ statements }) => statements),
    unread: these.flatMap((one) => one.unread),
  };
}
