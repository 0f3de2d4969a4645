import { printTable } from '../measure';
import { BenchServer } from '../support/server';
import { SCENARIOS } from './scenarios';
import { NODE_PG_MIGRATE } from './tools/node-pg-migrate';
import { OWN } from './tools/own';
import { POSTGRATOR } from './tools/postgrator';

const TOOLS = [OWN, NODE_PG_MIGRATE, POSTGRATOR];

/** Lets the same things happen to this engine and to maintained libraries, and prints what each makes of them. */
export async function benchMigrators(): Promise<void> {
  const server = await BenchServer.start();
  try {
    const rows: string[][] = [];
    for (const [line, { title, play }] of SCENARIOS.entries()) {
      const cells: string[] = [];
      for (const [column, tool] of TOOLS.entries()) {
        const database = `try_${line}_${column}`;
        await server.create(database);
        cells.push(await play(tool, { server, database, folder: server.folder(database) }));
        await server.drop(database);
      }
      rows.push([title, ...cells]);
    }
    printTable(['', ...TOOLS.map(({ title }) => title)], rows);
  } finally {
    await server.remove();
  }
}
