import { createHash } from 'node:crypto';
import type { Backfill, Script, Statement } from '../model';
import { effectsOf, type Known } from './effects';
import { readHeader, type Header, type Role } from './header';
import type { FileProblem } from './problems';
import { split, type ParsedStatement } from './split';

/** A file that was read. */
export interface ReadScript {
  /** How it runs. */
  readonly script: Script;
  /** What its comments say. */
  readonly header: Header;
  /** What is wrong with it. */
  readonly problems: readonly FileProblem[];
}

/** Reads one file: its header, its statements and what they do. */
export async function readScript(file: string, bytes: Buffer, role: Role, known: Known): Promise<ReadScript> {
  const problems: FileProblem[] = [];
  const text = decode(bytes, problems);
  const parsed = await split(text);
  if ('problem' in parsed) problems.push(parsed.problem);
  const { header, problems: wrong } = readHeader(text, role, parsed.statements[0]?.line ?? Infinity);
  problems.push(...wrong);
  const made = new Set<string>();
  const statements = parsed.statements.map(({ sql, line, kind, node }): Statement => {
    const { locks, destructive, concurrently } = effectsOf(node, made, known);
    return { sql, line, kind, locks, destructive, ...(concurrently === undefined ? {} : { concurrently }) };
  });
  const transaction = header.transaction ?? header.backfill === undefined;
  for (const [index, statement] of statements.entries()) {
    const tree = parsed.statements[index];
    if (tree !== undefined) problems.push(...problemsOf(statement, tree, transaction));
  }
  if (!('problem' in parsed)) problems.push(...(await problemsOfAll(statements, header, role)));
  return {
    script: {
      file,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      transaction,
      lockTimeoutMs: header.lockTimeoutMs,
      statementTimeoutMs: header.statementTimeoutMs,
      statements,
    },
    header,
    problems,
  };
}

function decode(bytes: Buffer, problems: FileProblem[]): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    const odd = text.startsWith('\uFEFF')
      ? 'a byte order mark'
      : text.includes('\0')
        ? 'a NUL byte'
        : undefined;
    if (odd === undefined) return text;
    problems.push({
      code: 'not-utf8',
      message: `The file has ${odd}.`,
      mend: 'Save it as plain UTF-8.',
      line: 1,
    });
    return text.replaceAll(/[\uFEFF\0]/g, '');
  } catch {
    problems.push({
      code: 'not-utf8',
      message: 'The file is not UTF-8.',
      mend: 'Save it as plain UTF-8.',
      line: 1,
    });
    return '';
  }
}

function problemsOf(
  statement: Statement,
  { node, kind }: ParsedStatement,
  transaction: boolean,
): FileProblem[] {
  const { line } = statement;
  const found: FileProblem[] = [];
  if (kind === 'TransactionStmt')
    found.push({
      code: 'transaction-statement',
      message: `"${statement.sql}" stands in the file.`,
      mend: 'Leave it out: the engine begins and ends the transaction; transaction=false runs each statement alone.',
      line,
    });
  if ('CopyStmt' in node && node.CopyStmt.filename === undefined && node.CopyStmt.is_program !== true)
    found.push({
      code: 'copy-from-client',
      message: 'COPY from or to the client cannot run from a file.',
      mend: 'Write INSERT ... VALUES.',
      line,
    });
  if (statement.concurrently?.index === '')
    found.push({
      code: 'unnamed-index',
      message: 'What is built CONCURRENTLY has no index name of its own.',
      mend: 'Name the one index, so that a broken build of it can be found and removed.',
      line,
    });
  if (transaction && needsNoTransaction(statement, node))
    found.push({
      code: 'needs-no-transaction',
      message: 'PostgreSQL refuses this statement inside a transaction.',
      mend: 'Add "-- migrate: transaction=false" at the top.',
      line,
    });
  return found;
}

function needsNoTransaction(statement: Statement, node: ParsedStatement['node']): boolean {
  if (statement.concurrently !== undefined) return true;
  if ('VacuumStmt' in node) return node.VacuumStmt.is_vacuumcmd === true;
  if ('ClusterStmt' in node) return node.ClusterStmt.relation === undefined;
  if ('ReindexStmt' in node)
    return (
      node.ReindexStmt.kind !== 'REINDEX_OBJECT_INDEX' && node.ReindexStmt.kind !== 'REINDEX_OBJECT_TABLE'
    );
  if ('AlterTableStmt' in node)
    return (node.AlterTableStmt.cmds ?? []).some(
      (command) =>
        'AlterTableCmd' in command &&
        command.AlterTableCmd.def !== undefined &&
        'PartitionCmd' in command.AlterTableCmd.def &&
        command.AlterTableCmd.def.PartitionCmd.concurrent === true,
    );
  return [
    'CreatedbStmt',
    'DropdbStmt',
    'AlterSystemStmt',
    'CreateTableSpaceStmt',
    'DropTableSpaceStmt',
  ].includes(statement.kind);
}

async function problemsOfAll(
  statements: readonly Statement[],
  header: Header,
  role: Role,
): Promise<FileProblem[]> {
  const found: FileProblem[] = [];
  const last = statements.at(-1)?.line ?? 1;
  if (statements.length === 0 && role !== 'down')
    found.push({
      code: 'empty-file',
      message: 'The file has no statement.',
      mend: 'Write one, or delete the file.',
      line: 1,
    });
  if (statements.length === 0 && role === 'down' && !header.explained)
    found.push({
      code: 'empty-file',
      message: 'The file has no statement and does not say why.',
      mend: 'Undo what the up file does, or say in a comment why there is nothing to undo.',
      line: 1,
    });
  if (header.backfill !== undefined)
    found.push(...backfillProblems(header.backfill, statements, header.transaction));
  const destructive = statements.find((statement) => statement.destructive);
  if (role === 'up' && destructive !== undefined && header.approval === undefined)
    found.push({
      code: 'missing-approval',
      message: 'The statement loses data and nobody agreed to that.',
      mend: 'Add "-- approve: by=<role> ticket=<id> reason=..." at the top, reviewed with the file.',
      line: destructive.line,
    });
  if (role === 'repeatable') {
    const alone = statements.find(({ concurrently }) => concurrently !== undefined);
    if (alone !== undefined)
      found.push({
        code: 'needs-no-transaction',
        message: 'A repeatable file is one transaction.',
        mend: 'Move the statement to a numbered pair.',
        line: alone.line,
      });
  }
  for (const { sql, line } of [...header.checks.before, ...header.checks.after]) {
    const check = await split(sql);
    const only = check.statements[0];
    if ('problem' in check || check.statements.length !== 1 || only?.kind !== 'SelectStmt')
      found.push({
        code: 'bad-check',
        message: `The check is not one SELECT${'problem' in check ? `: ${check.problem.message}` : '.'}`,
        mend: 'Write one SELECT on one line that answers true.',
        line: Math.min(line, last),
      });
  }
  return found;
}

/** Every key type has its batches so, also those without a least value. */
const AFTER = /\$1\s*(::\s*[\w. ]+)?\s+IS\s+NULL\s+OR\s+[\w."]+\s*>\s*\$1\b/i;
const UP_TO = /<=\s*\$2\b/;

function backfillProblems(
  { key }: Backfill,
  statements: readonly Statement[],
  transaction: boolean | undefined,
): FileProblem[] {
  const found: FileProblem[] = [];
  const line = statements[1]?.line ?? statements[0]?.line ?? 1;
  if (transaction === true)
    found.push({
      code: 'bad-backfill',
      message: 'A backfill cannot be one transaction.',
      mend: 'Leave transaction=true out: each batch is one of its own.',
      line: 1,
    });
  if (statements.length > 1)
    found.push({
      code: 'bad-backfill',
      message: `A backfill has exactly one statement, not ${statements.length}.`,
      mend: 'Move the others to a pair of their own.',
      line,
    });
  const only = statements[0];
  if (only === undefined) return found;
  if (!['UpdateStmt', 'InsertStmt', 'DeleteStmt'].includes(only.kind))
    found.push({
      code: 'bad-backfill',
      message: `A backfill is an UPDATE, INSERT or DELETE, not ${only.kind}.`,
      mend: 'Write one of them.',
      line: only.line,
    });
  if (!AFTER.test(only.sql) || !UP_TO.test(only.sql))
    found.push({
      code: 'bad-backfill',
      message: 'The statement does not keep to its batch, which begins after $1 and ends with $2.',
      mend: `Write "WHERE ($1::uuid IS NULL OR ${key} > $1) AND ${key} <= $2" with the type of the key: $1 is NULL in the first batch.`,
      line: only.line,
    });
  return found;
}
