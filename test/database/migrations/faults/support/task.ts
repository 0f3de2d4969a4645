import type { MigratorOptions } from '../../../../../lib/migrations/engine';
import type { MigrationSet } from '../../../../../lib/migrations/model';
import type { Runner } from '../../../../../lib/migrations/ports';
import type { Request } from '../../../../../lib/migrations/request';

/** Where a runner stands still. */
export interface Pause {
  /** A pattern of the query's text, or which query of the runner's own session, from 1. */
  readonly at: string | number;
  /** Before it is sent, while it runs, or once it is answered. `during` only tells, and goes on. */
  readonly moment: 'before' | 'during' | 'after';
  /** Which of the queries that match, from 1. */
  readonly occurrence?: number;
}

/** What a runner's process is told. */
export interface Task {
  /** How to connect. */
  readonly connection: {
    readonly host: string;
    readonly port: number;
    readonly database: string;
    readonly user: string;
    readonly ssl: { readonly ca: string };
  };
  /** The migrations. */
  readonly set: MigrationSet;
  /** What to do. */
  readonly request: Request;
  /** Who runs. */
  readonly runner: Runner;
  /** The engine's limits. */
  readonly limits?: MigratorOptions['limits'];
  /** Where to stand still. */
  readonly pause?: Pause;
  /** By how much the engine's clock jumps once it has stood still, in milliseconds. */
  readonly jumpMs?: number;
  /** By how much every clock of the process is wrong from the start, in milliseconds. */
  readonly skewMs?: number;
}
