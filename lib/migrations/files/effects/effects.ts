import { LOCK_MODES, type Statement, type TableLock } from '../../model';
import { qualified } from './ast';

/** The name of a lock mode. */
export type Mode = TableLock['mode'];

/** What is known of the database when a statement of the folder is reached. */
export interface Known {
  /** Table of each index that an earlier statement made, by the index's full name. */
  readonly indexes: Map<string, string>;
  /** Columns that an earlier check holds to be not null, as `schema.table.column`. */
  readonly notNull: Set<string>;
}

/** Gathers what one statement does, each table once. */
export class Effects {
  readonly #locks = new Map<string, TableLock>();
  readonly #made: ReadonlySet<string>;
  /** Tables that the statement makes. */
  readonly makes: string[] = [];
  /** Whether it loses data. */
  destructive = false;
  /** What it does CONCURRENTLY. */
  concurrently: Statement['concurrently'];

  /** @param made - full names of the tables that the same script made before */
  constructor(made: ReadonlySet<string>) {
    this.#made = made;
  }

  /** Whether a table was there before the script. */
  isOld(table: string): boolean {
    return !this.#made.has(qualified(table));
  }

  /** Notes a lock; several on one table become one, as strong as the strongest. */
  lock(table: string, mode: Mode, how: { readonly rewrites?: boolean; readonly scans?: boolean } = {}): void {
    if (table === '' || !this.isOld(table)) return;
    const known = this.#locks.get(qualified(table));
    this.#locks.set(qualified(table), {
      table: known?.table ?? table,
      mode: known !== undefined && stronger(known.mode, mode) ? known.mode : mode,
      rewrites: (known?.rewrites ?? false) || (how.rewrites ?? false),
      scans: (known?.scans ?? false) || (how.scans ?? false),
    });
  }

  /** Notes that data of a table is lost, unless the script made the table itself. */
  lose(table?: string): void {
    if (table === undefined || this.isOld(table)) this.destructive = true;
  }

  /** Every lock, in the order noted. */
  get locks(): readonly TableLock[] {
    return [...this.#locks.values()];
  }
}

function stronger(one: Mode, other: Mode): boolean {
  return LOCK_MODES.indexOf(one) > LOCK_MODES.indexOf(other);
}
