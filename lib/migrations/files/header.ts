import type { Approval, Assertion, Backfill, Phase, Reversible } from '../model';
import type { FileProblem } from './problems';

/** Which file a header stands in. */
export type Role = 'up' | 'down' | 'repeatable';

/** What the comments at the top of a file say. */
export interface Header {
  /** When the migration may run. */
  readonly phase?: Phase;
  /** What undoing it costs. */
  readonly reversible?: Reversible;
  /** Absent when the file does not say. */
  readonly transaction?: boolean;
  /** Longest wait for a lock, in milliseconds. */
  readonly lockTimeoutMs: number;
  /** Longest that a statement runs, in milliseconds. */
  readonly statementTimeoutMs: number;
  /** Present when it is run in batches. */
  readonly backfill?: Backfill;
  /** Who agreed to lose data. */
  readonly approval?: Approval;
  /** What has to hold before and after. */
  readonly checks: { readonly before: readonly Assertion[]; readonly after: readonly Assertion[] };
  /** Whether a comment says something in words, as a down without statements has to. */
  readonly explained: boolean;
}

const PAIR = /([^\s=]+)=(?:"([^"]*)"|(\S+))/g;
const KEYS: Record<Role, readonly string[]> = {
  up: [
    'phase',
    'reversible',
    'transaction',
    'lock_timeout',
    'statement_timeout',
    'kind',
    'table',
    'key',
    'batch',
    'pause',
  ],
  down: ['transaction', 'lock_timeout', 'statement_timeout'],
  repeatable: ['lock_timeout', 'statement_timeout'],
};
const BACKFILL_ONLY = ['table', 'key', 'batch', 'pause'];
const IDENTIFIER = /^[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)?$/;
const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, min: 60_000 };

/** The values of the header, each read once with its line. */
class Values {
  readonly problems: FileProblem[] = [];
  readonly #values = new Map<string, { readonly value: string; readonly line: number }>();

  add(key: string, value: string, line: number): void {
    if (this.#values.has(key))
      this.problem('repeated-directive', `"${key}" is given twice.`, 'Keep one of them.', line);
    this.#values.set(key, { value, line });
  }

  problem(code: string, message: string, mend: string, line: number): void {
    this.problems.push({ code, message, mend, line });
  }

  has(key: string): boolean {
    return this.#values.has(key);
  }

  lineOf(key: string): number {
    return this.#values.get(key)?.line ?? 1;
  }

  /** The value read by `read`, or the fallback when it is absent or wrong. */
  get<Value, Otherwise>(
    key: string,
    read: (value: string) => Value | undefined,
    expected: string,
    otherwise: Otherwise,
  ): Value | Otherwise {
    const entry = this.#values.get(key);
    if (entry === undefined) return otherwise;
    const value = read(entry.value);
    if (value !== undefined) return value;
    this.problem(
      'bad-value',
      `${key}=${entry.value} is not a value it can have.`,
      `Give ${expected}.`,
      entry.line,
    );
    return otherwise;
  }
}

/** Reads the directives of a file; those after its first statement are problems, since nobody looks for them there. */
export function readHeader(
  text: string,
  role: Role,
  firstStatement: number,
): { readonly header: Header; readonly problems: readonly FileProblem[] } {
  const values = new Values();
  const checks = { before: [] as Assertion[], after: [] as Assertion[] };
  let approval: Approval | undefined;
  let explained = false;
  for (const [index, content] of text.split('\n').entries()) {
    const line = index + 1;
    const comment = /^--\s*(.*?)\s*$/.exec(content)?.[1];
    if (comment === undefined) continue;
    const directive = /^(migrate|approve|check[ -]?\w*)\s*:\s*(.*)$/i.exec(comment);
    if (directive === null) {
      const unknown = /^([\w-]+)\s*:\s*\w+=/.exec(comment)?.[1];
      if (unknown !== undefined && unknown !== 'lint-ignore')
        values.problem(
          'unknown-directive',
          `"-- ${unknown}:" is no directive.`,
          'There are "migrate", "check before", "check after", "approve" and "lint-ignore".',
          line,
        );
      else if (comment !== '' && unknown === undefined) explained = true;
      continue;
    }
    const [, kind = '', rest = ''] = directive;
    if (line > firstStatement)
      values.problem(
        'misplaced-directive',
        `"-- ${kind}:" stands after the first statement.`,
        'Move it to the top of the file.',
        line,
      );
    else if (kind === 'migrate') readPairs(rest, KEYS[role], role, values, line);
    else if (role !== 'up')
      values.problem(
        'misplaced-directive',
        `"-- ${kind}:" stands in a ${role} file.`,
        'Only up files have it.',
        line,
      );
    else if (kind === 'approve') approval = readApproval(rest, values, line);
    else if (kind === 'check before' || kind === 'check after')
      checks[kind === 'check before' ? 'before' : 'after'].push({ sql: rest.replace(/;\s*$/, ''), line });
    else
      values.problem(
        'unknown-directive',
        `"-- ${kind}:" is no directive.`,
        'Write "check before" or "check after".',
        line,
      );
  }
  return {
    header: { ...valuesOf(values, role), checks, explained, ...(approval === undefined ? {} : { approval }) },
    problems: values.problems,
  };
}

function readPairs(text: string, keys: readonly string[], role: Role, values: Values, line: number): void {
  const left = text.replaceAll(
    PAIR,
    (_all, key: string, quoted: string | undefined, plain: string | undefined) => {
      if (keys.includes(key)) values.add(key, quoted ?? plain ?? '', line);
      else
        values.problem(
          'unknown-directive',
          `"${key}" is not known in a ${role} file.`,
          `It has ${keys.join(', ')}.`,
          line,
        );
      return '';
    },
  );
  if (left.trim() !== '')
    values.problem(
      'bad-directive',
      `"${left.trim()}" is not of the form key=value.`,
      'Write key=value, with "..." around what has blanks.',
      line,
    );
}

function readApproval(text: string, values: Values, line: number): Approval | undefined {
  const found = new Values();
  readPairs(text, ['by', 'ticket', 'reason'], 'up', found, line);
  values.problems.push(...found.problems);
  const part = (key: string): string =>
    found.get(key, (value) => (value.trim() === '' ? undefined : value), 'some text', '');
  const approval = { by: part('by'), ticket: part('ticket'), reason: part('reason') };
  const missing = Object.entries(approval).flatMap(([key, value]) => (value === '' ? [key] : []));
  if (missing.length === 0) return approval;
  values.problem(
    'incomplete-approval',
    `The approval does not say ${missing.join(' and ')}.`,
    'Write by=<role> ticket=<id> reason="...".',
    line,
  );
  return undefined;
}

function valuesOf(values: Values, role: Role): Omit<Header, 'checks' | 'explained' | 'approval'> {
  const word = <Word extends string>(key: string, words: readonly Word[]): Word | undefined =>
    values.get(key, (value) => words.find((each) => each === value), `one of ${words.join(', ')}`, undefined);
  const duration = (key: string, most: number, otherwise: number): number =>
    values.get(
      key,
      (value) => milliseconds(value, most),
      `a whole number with ms, s or min, from 1ms to ${most / 1000}s`,
      otherwise,
    );
  const phase = word('phase', ['expand', 'contract']);
  const reversible = word('reversible', ['lossless', 'lossy', 'no']);
  if (role === 'up')
    for (const key of ['phase', 'reversible'])
      if (!values.has(key))
        values.problem(
          `missing-${key}`,
          `The file does not give its ${key}.`,
          key === 'phase'
            ? 'Add "-- migrate: phase=expand" (or contract) at the top.'
            : 'Add "-- migrate: reversible=lossless" (or lossy, or no) at the top.',
          1,
        );
  const transaction = word('transaction', ['true', 'false']);
  const lockTimeoutMs = duration('lock_timeout', 10_000, 100);
  const statementTimeoutMs = duration('statement_timeout', 86_400_000, 30_000);
  if (statementTimeoutMs <= lockTimeoutMs && values.has('statement_timeout'))
    values.problem(
      'bad-value',
      'statement_timeout is not longer than lock_timeout.',
      'Give a statement more time than it may wait for its lock.',
      values.lineOf('statement_timeout'),
    );
  const backfill = backfillOf(values, word);
  return {
    lockTimeoutMs,
    statementTimeoutMs,
    ...(phase === undefined ? {} : { phase }),
    ...(reversible === undefined ? {} : { reversible }),
    ...(transaction === undefined ? {} : { transaction: transaction === 'true' }),
    ...(backfill === undefined ? {} : { backfill }),
  };
}

function backfillOf(
  values: Values,
  word: (key: string, words: readonly 'backfill'[]) => 'backfill' | undefined,
): Backfill | undefined {
  if (!values.has('kind')) {
    for (const key of BACKFILL_ONLY)
      if (values.has(key))
        values.problem(
          'bad-directive',
          `"${key}" is given without kind=backfill.`,
          'Add kind=backfill, or leave it out.',
          values.lineOf(key),
        );
    return undefined;
  }
  if (word('kind', ['backfill']) === undefined) return undefined;
  for (const key of ['table', 'key'])
    if (!values.has(key))
      values.problem(
        'bad-directive',
        `A backfill has to give its ${key}.`,
        'Write kind=backfill table=<table> key=<unique column>.',
        values.lineOf('kind'),
      );
  const identifier = (key: string): string =>
    values.get(key, (value) => (IDENTIFIER.test(value) ? value : undefined), 'a name in small letters', '');
  const whole = (most: number) => (value: string) =>
    /^\d+$/.test(value) && +value >= 1 && +value <= most ? +value : undefined;
  return {
    table: identifier('table'),
    key: identifier('key'),
    batch: values.get('batch', whole(100_000), 'a whole number from 1 to 100000', 5000),
    pauseMs: values.get(
      'pause',
      (value) => (value === '0' ? 0 : milliseconds(value, 60_000)),
      '0, or a whole number with ms or s, at most 60s',
      20,
    ),
  };
}

/** Milliseconds of `100ms`, `30s` or `5min`; undefined when it is none, is nothing or is more than `most`. */
function milliseconds(text: string, most: number): number | undefined {
  const [, digits = '', unit = ''] = /^(\d+)(ms|s|min)$/.exec(text) ?? [];
  const value = Number(digits) * (UNITS[unit] ?? 0);
  return value >= 1 && value <= most ? value : undefined;
}
