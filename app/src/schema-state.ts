/** A migration, as readiness goes by it. */
export interface SchemaMigration {
  /** Its number. */
  readonly id: number;
  /** `expand` or `contract`. */
  readonly phase: string;
}

/** How the database's schema stands to the one that this build was made for. */
export interface SchemaState {
  /**
   * `known`: this build can serve. `behind`: something that it needs is not there yet. `ahead`: something that it may
   * still need was taken away after it was built.
   */
  readonly state: 'known' | 'behind' | 'ahead';
  /** Number of the newest applied migration, 0 when there is none. */
  readonly version: number;
}

/**
 * Compares the migrations of a database with those that this build knows. Everything that expands the schema has to
 * be there; what expands it further does no harm; a contraction has to be one that this build was made with.
 */
export function schemaState(
  known: readonly SchemaMigration[],
  applied: readonly SchemaMigration[],
): SchemaState {
  const there = new Set(applied.map(({ id }) => id));
  const mine = new Set(known.map(({ id }) => id));
  const behind = known.some(({ id, phase }) => phase === 'expand' && !there.has(id));
  const ahead = applied.some(({ id, phase }) => phase === 'contract' && !mine.has(id));
  return {
    state: behind ? 'behind' : ahead ? 'ahead' : 'known',
    version: Math.max(0, ...there),
  };
}
