import type { Client } from 'pg';

/** What a column holds, as its comment begins: health data, personal data, or neither. */
export type Classification = 'PHI' | 'PII' | 'Internal';

/** A column and what its comment says it holds. */
export interface ClassifiedColumn {
  /** Such as `public.patients`. */
  readonly table: string;
  /** Such as `email`. */
  readonly column: string;
  /** Absent when the column has no comment that begins with a mark: somebody has to say. */
  readonly classification?: Classification;
  /** What the comment says after the mark; empty when it says no more. */
  readonly note: string;
}

/**
 * Every column of the tables of `public`, by table and position, with its mark: a comment such as
 * `PHI: reason of the visit`. A partition has the marks of its parent and is not listed.
 */
export async function classifiedColumns(client: Client): Promise<readonly ClassifiedColumn[]> {
  const { rows } = await client.query<{ table: string; column: string; comment: string | null }>(`
    SELECT format('%I.%I', n.nspname, c.relname) AS table, a.attname::text AS column,
      col_description(c.oid, a.attnum) AS comment
    FROM pg_class c
    JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p', 'f') AND NOT c.relispartition
      AND NOT EXISTS (SELECT FROM pg_depend
        WHERE classid = 'pg_class'::regclass AND objid = c.oid AND deptype = 'e')
    ORDER BY c.relname COLLATE "C", a.attnum`);
  return rows.map(({ table, column, comment }) => {
    const [, mark, note] = /^(PHI|PII|Internal)\b:?\s*(.*)$/s.exec(comment ?? '') ?? [];
    return {
      table,
      column,
      ...(mark !== undefined && { classification: mark as Classification }),
      note: note ?? comment ?? '',
    };
  });
}
