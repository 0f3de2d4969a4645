import * as path from 'node:path';
import type { Client } from 'pg';
import { classifiedColumns } from '../lib/migrations/catalogue';

/** The file that the evidence reads the marks of the columns from: there is no database at synth. */
export const COLUMNS_FILE = path.resolve(__dirname, '../lib/gate/phi/columns.ts');

/**
 * Writes down the columns that tell of people, by their marks.
 * @param client - a session in a migrated database
 * @returns the text of {@link COLUMNS_FILE}
 */
export async function phiColumns(client: Client): Promise<string> {
  const rows = (await classifiedColumns(client))
    .filter(({ classification }) => classification === 'PHI' || classification === 'PII')
    .map(({ table, column, classification = '' }) => `  ['${table}', '${column}', '${classification}'],\n`);
  return `/** Columns of the database that tell of people: table, column, mark. Made by \`npm run schema:types\`; a test fails when the two differ. */
export const CLASSIFIED_COLUMNS: readonly (readonly [string, string, 'PHI' | 'PII'])[] = [
${rows.join('')}];
`;
}
