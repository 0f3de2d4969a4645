interface Type {
  readonly name: string;
  readonly limits: readonly number[];
}

/** Whether changing a column's type writes or reads its rows. Source: PostgreSQL 17 manual, ALTER TABLE, Notes. */
export function rewritesType(from: string, to: string): boolean {
  if (from === to) return false;
  const [old, next] = [parse(from), parse(to)];
  if (old.name === 'varchar' && next.name === 'text') return false;
  if (old.name === 'text' && next.name === 'varchar') return next.limits.length > 0;
  if (old.name === 'cidr' && next.name === 'inet') return false;
  if (old.name !== next.name) return true;
  if (['varchar', 'varbit', 'timestamp', 'timestamptz', 'time', 'timetz'].includes(old.name))
    return narrower(old, next);
  if (old.name === 'numeric')
    return narrower(old, next) || (next.limits.length > 0 && scale(old) !== scale(next));
  return true;
}

/** Whether the new limit is below the old one; none is the widest. */
function narrower(old: Type, next: Type): boolean {
  return (next.limits[0] ?? Infinity) < (old.limits[0] ?? Infinity);
}

function scale({ limits }: Type): number {
  return limits[1] ?? 0;
}

function parse(type: string): Type {
  const [, name = type, limits = ''] = /^([^()]+)\(([\d,]+)\)$/.exec(type) ?? [];
  return { name, limits: limits.split(',').filter(Boolean).map(Number) };
}
