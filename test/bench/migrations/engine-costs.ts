import * as fs from 'node:fs';
import * as path from 'node:path';
import { writeRecipe } from '../../support/recipes';
import { runEngine } from '../support/engine';
import type { BenchServer } from '../support/server';

const MANY = 1000;

/** What the engine itself costs, in milliseconds. */
export interface EngineCosts {
  /** Plan of a thousand pending migrations, with reading their files. */
  readonly planMs: number;
  /** Status of a thousand applied ones. */
  readonly statusMs: number;
  /** Applying one migration that does nothing. */
  readonly emptyMs: number;
}

/** Measures the engine on a thousand migrations that do nothing. */
export async function engineCosts(server: BenchServer): Promise<EngineCosts> {
  const folder = server.folder('many');
  writeRecipe(folder);
  for (let id = 2; id <= MANY + 1; id += 1) {
    const name = `${String(id).padStart(4, '0')}_nothing`;
    fs.writeFileSync(
      path.join(folder, `${name}.up.sql`),
      '-- migrate: phase=expand reversible=lossless\nSELECT 1;\n',
    );
    fs.writeFileSync(path.join(folder, `${name}.down.sql`), 'SELECT 1;\n');
  }
  await server.create('many');
  const { reports, milliseconds, readMs } = await runEngine({
    folder,
    access: server.access('migrator', 'many'),
    release: '1',
    queries: [],
    limits: {},
    requests: [{ action: 'up', to: 1 }, { action: 'plan' }, { action: 'up' }, { action: 'status' }],
  });
  await server.drop('many');
  const last = reports.at(-1);
  if (last?.action !== 'status')
    throw new Error(`The engine did not finish: ${JSON.stringify(last).slice(0, 2000)}`);
  const [, planMs = 0, upMs = 0, statusMs = 0] = milliseconds;
  return { planMs: planMs + readMs, statusMs, emptyMs: upMs / MANY };
}
