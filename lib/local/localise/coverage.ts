import * as fs from 'node:fs';
import { templatesOf } from './localise-assembly';
import { parseTemplate } from './template';
import { type LocalType, TYPES } from './types';

/** How the resources of one type fare on the local AWS. */
export interface Coverage {
  /** The CloudFormation type. */
  readonly type: string;
  /** Resources of it. */
  readonly count: number;
  /** How it is made; `unclassed` when the list does not name it. */
  readonly support: LocalType['support'] | 'unclassed';
  /** Properties used here that the bridge applies after the native way dropped them. */
  readonly reconciled: readonly string[];
  /** Properties used here that nothing applies locally. */
  readonly dropped: readonly string[];
  /** What else differs from AWS. */
  readonly note?: string;
}

/** How each resource type of a synthesised assembly fares on the local AWS, by name. */
export function coverage(assembly: string): Coverage[] {
  const used = new Map<string, { count: number; properties: Set<string> }>();
  for (const { file } of templatesOf(assembly))
    for (const { Type, Properties = {} } of Object.values(
      parseTemplate(fs.readFileSync(file, 'utf8')).Resources,
    )) {
      const entry = used.get(Type) ?? { count: 0, properties: new Set<string>() };
      entry.count += 1;
      for (const name of Object.keys(Properties)) entry.properties.add(name);
      used.set(Type, entry);
    }
  return [...used].sort(([a], [b]) => a.localeCompare(b)).map(([type, entry]) => row(type, entry));
}

function row(
  type: string,
  { count, properties }: { count: number; properties: ReadonlySet<string> },
): Coverage {
  const known = type.startsWith('Custom::') ? ({ support: 'native' } as const) : TYPES[type];
  const those = (names: readonly string[] = []): string[] => names.filter((name) => properties.has(name));
  const listed: LocalType | undefined = known;
  return {
    type,
    count,
    support: listed?.support ?? 'unclassed',
    reconciled: those(listed?.reconciled),
    dropped: those(listed?.dropped),
    ...(listed?.note !== undefined && { note: listed.note }),
  };
}
