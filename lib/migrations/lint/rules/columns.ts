import type { Hit, Rule, Subject } from '../rule';
import { constraintOf } from '../sql/changes';
import { qualified, tableOf, typeOf } from '../sql/names';
import { as, words } from '../sql/nodes';
import { columns, constraints, nodes } from './find';
import { isSerial } from './rewrites';

const MARK = /^(PHI|PII|Internal): \S/;
const DOUBTFUL: Readonly<Record<string, string>> = {
  bpchar: 'pads with blanks; use text',
  money: 'depends on the locale of the session; use numeric',
  timetz: 'has no date to tell the offset by; use timestamptz',
  name: 'is cut at 63 bytes; use text',
};

const columnName = ({ table, column }: { table: string; column: { colname?: string } }): string =>
  `${table}.${column.colname ?? ''}`;

/** Types and marks of columns. */
export const COLUMN_RULES: readonly Rule[] = [
  {
    id: 'mark-missing',
    title: 'The comment of every column of a table in public begins with PHI:, PII: or Internal:.',
    severity: 'error',
    why: 'The map of protected health information is drawn from these comments; a column without one is invisible to it.',
    mend: "Write COMMENT ON COLUMN ... IS 'PHI: <what it is>' in the same file.",
    check: ({ script }: Subject): readonly Hit[] => {
      const marked = new Set(
        nodes(script, 'CommentStmt')
          .filter(({ node }) => node.objtype === 'OBJECT_COLUMN' && MARK.test(node.comment ?? ''))
          .map(({ node }) => {
            const path = words(as(node.object, 'List')?.items);
            return `${qualified(path.slice(0, -1))}.${path.at(-1) ?? ''}`;
          }),
      );
      return columns(script)
        .filter(({ at, table }) => table.startsWith('public.') && !isTemporaryOrPart(at.node))
        .filter((each) => !marked.has(columnName(each)))
        .map((each) => ({ at: each.at, message: `${columnName(each)} has no mark.` }));
    },
  },
  {
    id: 'json-column',
    title: 'JSON is kept as jsonb.',
    severity: 'error',
    why: 'json has no equality: SELECT DISTINCT and GROUP BY of a query that was right before fail once the column is there.',
    mend: 'Use jsonb.',
    check: ({ script }) =>
      columns(script)
        .filter(({ column }) => /^json(\[\])?$/.test(typeOf(column.typeName)))
        .map((each) => ({ at: each.at, message: `${columnName(each)} is json.` })),
  },
  {
    id: 'timestamp-without-zone',
    title: 'Moments are kept as timestamptz.',
    severity: 'error',
    why: 'timestamp drops the offset: the same row is another moment for a session with another time zone.',
    mend: 'Use timestamptz.',
    check: ({ script }) =>
      columns(script)
        .filter(({ column }) => /^timestamp(\(|\[|$)/.test(typeOf(column.typeName)))
        .map((each) => ({ at: each.at, message: `${columnName(each)} is timestamp without time zone.` })),
  },
  {
    id: 'serial-column',
    title: 'No column is serial.',
    severity: 'error',
    why: 'serial makes a sequence with rights and an owner of its own that grants on the table do not cover.',
    mend: 'Use uuid for ids, GENERATED ALWAYS AS IDENTITY for numbers.',
    check: ({ script }) =>
      columns(script)
        .filter(({ column }) => isSerial(typeOf(column.typeName)))
        .map((each) => ({ at: each.at, message: `${columnName(each)} is ${typeOf(each.column.typeName)}.` })),
  },
  {
    id: 'id-not-uuid',
    title: 'Ids are uuid.',
    severity: 'error',
    why: 'Two types of id cannot refer to each other, and numbers that count up tell outsiders how many there are.',
    mend: 'Use uuid, with DEFAULT gen_random_uuid() at the table that makes it.',
    check: ({ script }: Subject): readonly Hit[] => {
      const keys = new Set(
        constraints(script)
          .filter(
            ({ constraint: { contype } }) => contype === 'CONSTR_PRIMARY' || contype === 'CONSTR_FOREIGN',
          )
          .flatMap(({ table, columns: own }) => own.map((column) => `${table}.${column}`)),
      );
      return columns(script)
        .filter(
          (each) => each.column.colname === 'id' || (keys.has(columnName(each)) && isIdLike(each.column)),
        )
        .filter(
          ({ column }) => !['uuid'].includes(typeOf(column.typeName)) && !isSerial(typeOf(column.typeName)),
        )
        .map((each) => ({ at: each.at, message: `${columnName(each)} is ${typeOf(each.column.typeName)}.` }));
    },
  },
  {
    id: 'narrow-identity',
    title: 'Numbers that count up are bigint.',
    severity: 'error',
    why: 'integer ends at 2,147,483,647, and to widen it later writes the table anew.',
    mend: 'Use bigint.',
    measured: 'int to bigint on 3 million rows: worst request 170 to 258 times the baseline.',
    check: ({ script }) =>
      columns(script)
        .filter(({ column }) => constraintOf(column, 'CONSTR_IDENTITY') && typeOf(column.typeName) !== 'int8')
        .map((each) => ({ at: each.at, message: `${columnName(each)} is ${typeOf(each.column.typeName)}.` })),
  },
  {
    id: 'doubtful-type',
    title: 'No column is char(n), money, time with time zone or name.',
    severity: 'error',
    why: 'Each of these types does something else than its name says, and changing it later writes the table anew.',
    mend: 'Use text, numeric or timestamptz.',
    check: ({ script }) =>
      columns(script).flatMap((each) => {
        const [name = ''] = typeOf(each.column.typeName).split(/[([]/);
        const why = DOUBTFUL[name];
        return why ? [{ at: each.at, message: `${columnName(each)} is ${name}, which ${why}.` }] : [];
      }),
  },
  {
    id: 'varchar-limit',
    title: 'Lengths are limited by a CHECK, not by the type.',
    severity: 'info',
    why: 'A narrower varchar reads or writes the whole table; a CHECK is added NOT VALID and validated later.',
    mend: 'Use text with CHECK (length(column) <= n).',
    measured: 'varchar(50) to varchar(45) on 3 million rows: worst request 233 to 288 times the baseline.',
    check: ({ script }) =>
      columns(script)
        .filter(({ column }) => typeOf(column.typeName).startsWith('varchar('))
        .map((each) => ({ at: each.at, message: `${columnName(each)} is ${typeOf(each.column.typeName)}.` })),
  },
  {
    id: 'unlogged-table',
    title: 'No table is UNLOGGED.',
    severity: 'error',
    why: 'It is emptied after a crash and missing on every replica and in every snapshot restored from one.',
    mend: 'Leave UNLOGGED out.',
    check: ({ script }) =>
      nodes(script, 'CreateStmt')
        .filter(({ node }) => node.relation?.relpersistence === 'u')
        .map(({ at, node }) => ({ at, message: `${tableOf(node.relation)} is unlogged.` })),
  },
];

function isIdLike({
  colname = '',
  typeName,
}: {
  colname?: string;
  typeName?: Parameters<typeof typeOf>[0];
}): boolean {
  return colname.endsWith('_id') || /^int[248]$/.test(typeOf(typeName));
}

function isTemporaryOrPart(node: Parameters<typeof as>[0]): boolean {
  const create = as(node, 'CreateStmt');
  return create?.partbound !== undefined || create?.relation?.relpersistence === 't';
}
