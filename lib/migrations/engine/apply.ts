import { type Migration, type Repeatable, titleOf } from '../model';
import { log, removeRow, type Row, scriptOf, writeRow } from './history';
import type { Run } from './run';
import { stepByStep } from './stepwise';
import { elapsed, perform } from './task';
import { inOneTransaction } from './transactional';

/** Applies a migration, or continues one that is half-way. */
export async function apply(run: Run, migration: Migration, row: Row | undefined): Promise<void> {
  await oneWay(run, migration, 'up', row, false);
}

/**
 * Undoes a migration.
 * @param tolerant - whether only a part of it may be there
 */
export async function undo(run: Run, migration: Migration, row: Row, tolerant = false): Promise<void> {
  await oneWay(run, migration, 'down', row, tolerant);
}

async function oneWay(
  run: Run,
  migration: Migration,
  direction: 'up' | 'down',
  row: Row | undefined,
  tolerant: boolean,
): Promise<void> {
  const { engine, session } = run;
  const { client } = session;
  const script = scriptOf(migration, direction);
  const up = direction === 'up';
  await perform(run, { title: titleOf(migration), direction, file: script.file }, (task) =>
    !script.transaction || (up && migration.backfill)
      ? stepByStep(run, task, { migration, direction, row, tolerant })
      : inOneTransaction(run, task, {
          script,
          tolerant,
          ...(up && migration.checks),
          record: async () => {
            if (up)
              await writeRow(client, engine, migration, {
                run: run.id,
                direction,
                state: 'applied',
                milliseconds: elapsed(run, task),
                attempts: task.attempts,
                restorePoint: run.restorePoint,
              });
            else await removeRow(client, migration.id);
            await log(client, engine, {
              action: direction,
              title: task.title,
              outcome: up ? 'applied' : 'undone',
              milliseconds: elapsed(run, task),
              attempts: task.attempts,
              sha256: script.sha256,
              ...(run.restorePoint !== undefined && { restorePoint: run.restorePoint }),
            });
          },
        }),
  );
}

/** Replaces a repeatable definition. */
export async function replace(run: Run, { name, script }: Repeatable): Promise<void> {
  const { engine, session } = run;
  await perform(run, { title: `repeatable/${name}`, direction: 'repeatable', file: script.file }, (task) =>
    inOneTransaction(run, task, {
      script,
      record: async () => {
        await session.client.query(
          `WITH stale AS (UPDATE migrate.snapshots SET stale = true WHERE NOT stale)
           INSERT INTO migrate.repeatables (name, sha256, release) VALUES ($1, $2, $3)
           ON CONFLICT (name) DO UPDATE SET sha256 = EXCLUDED.sha256, release = EXCLUDED.release,
             applied_at = clock_timestamp()`,
          [name, script.sha256, engine.runner.release],
        );
        await log(session.client, engine, {
          action: 'repeatable',
          title: name,
          outcome: 'applied',
          milliseconds: elapsed(run, task),
          attempts: task.attempts,
          sha256: script.sha256,
        });
      },
    }),
  );
}
