import { titleOf } from '../model';
import { Refusal } from './errors';
import { storeExpected } from './expected';
import { log, readHistory, writeRow } from './history';
import type { Run } from './run';

/**
 * Records migrations as applied without running them, for a database whose schema was made by other means.
 * Only where nothing is recorded yet; that the schema is what the files make is the caller's word.
 */
export async function baseline(run: Run, to: number): Promise<void> {
  const { engine, session } = run;
  const { client } = session;
  const migrations = engine.set.migrations.filter(({ id }) => id <= to);
  const there = await readHistory(client);
  if (there.length > 0)
    throw new Refusal([
      {
        code: 'has-history',
        message: `This database already has a history, of ${there.length} migrations.`,
        mend: 'Use `up` and `down`; a baseline is for a database that the engine has never changed.',
      },
    ]);
  if (!migrations.some(({ id }) => id === to))
    throw new Refusal([
      {
        code: 'unknown-version',
        message: `There is no migration number ${to}; the last one is ${engine.set.migrations.at(-1)?.id ?? 0}.`,
        mend: 'Name the number of the newest migration whose change the database already has.',
      },
    ]);
  await client.query('BEGIN');
  for (const migration of migrations) {
    await writeRow(client, engine, migration, {
      run: run.id,
      direction: 'up',
      state: 'applied',
      milliseconds: 0,
      attempts: 0,
    });
    await log(client, engine, {
      action: 'baseline',
      title: titleOf(migration),
      outcome: 'applied',
      sha256: migration.up.sha256,
    });
  }
  await client.query('UPDATE migrate.history SET baselined = true');
  await client.query('COMMIT');
  await storeExpected(client);
  for (const migration of migrations)
    run.steps.push({
      title: titleOf(migration),
      direction: 'up',
      outcome: 'applied',
      milliseconds: 0,
      attempts: 0,
    });
}
