import type { Phase, Reversible } from '../model';
import type { ParsedText } from './sql/statements';

/** What the comments at the top of a file say, as far as rules ask; `readMigrations` refuses headers that are wrong. */
export interface Header {
  /** When it may run. */
  readonly phase: Phase;
  /** What undoing it costs. */
  readonly reversible?: Reversible;
  /** Whether all statements are one transaction. */
  readonly transaction: boolean;
  /** Longest wait for a lock, in milliseconds. */
  readonly lockTimeoutMs: number;
  /** Longest run of a statement, in milliseconds. */
  readonly statementTimeoutMs: number;
  /** Table and key of a backfill. */
  readonly backfill?: { readonly table: string; readonly key: string };
  /** Whether somebody agreed to lose data. */
  readonly approved: boolean;
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, min: 60_000, h: 3_600_000 };

/** The header of a file, with what is given when it does not say: expand, one transaction, 100 ms and 30 s. */
export function headerOf({ statements, below }: ParsedText): Header {
  const lines = (statements[0]?.above ?? below).map(({ text }) => text);
  const settings = new Map(
    lines
      .filter((line) => line.startsWith('migrate:'))
      .flatMap((line) => [...line.matchAll(/([a-z_]+)=(\S+)/g)])
      .map(([, key = '', value = '']) => [key, value]),
  );
  const reversible = settings.get('reversible') as Reversible | undefined;
  return {
    phase: settings.get('phase') === 'contract' ? 'contract' : 'expand',
    ...(reversible ? { reversible } : {}),
    transaction: settings.get('transaction') !== 'false',
    lockTimeoutMs: milliseconds(settings.get('lock_timeout'), 100),
    statementTimeoutMs: milliseconds(settings.get('statement_timeout'), 30_000),
    ...(settings.get('kind') === 'backfill'
      ? { backfill: { table: settings.get('table') ?? '', key: settings.get('key') ?? '' } }
      : {}),
    approved: lines.some((line) => line.startsWith('approve:')),
  };
}

function milliseconds(text: string | undefined, otherwise: number): number {
  const [, amount, unit = 'ms'] = /^(\d+)(ms|s|min|h)?$/.exec(text ?? '') ?? [];
  return amount === undefined ? otherwise : Number(amount) * (UNITS[unit] ?? 1);
}
