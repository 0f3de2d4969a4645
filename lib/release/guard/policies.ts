import { choices, isAbsent, isIntrinsic, isObject, listOf, show } from './values';

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

/** Reads every policy within a value of a template, also where text is joined of parts. */
export function policiesIn(value: unknown, name = ''): Said {
  if (Array.isArray(value)) return all(value.map((one) => policiesIn(one, name)));
  const text = textOf(value);
  if (text !== undefined) return ofText(text, POLICY.test(name));
  if (!isObject(value)) return NOTHING;
  const parts = Object.entries(value).map(([key, inner]) => {
    if (key === 'Statement') return ofStatements(inner);
    return policiesIn(inner, key === 'Fn::If' ? name : key);
  });
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

function ofStatements(value: unknown): Said {
  return all(
    choices(value).map((one) => {
      if (!isObject(one)) return NOTHING;
      if (typeof one.Effect === 'string') return { statements: [one], unread: [] };
      // Web firewalls have statements of another kind.
      return isReference(one) || one.Effect !== undefined ? unread(one) : NOTHING;
    }),
  );
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
