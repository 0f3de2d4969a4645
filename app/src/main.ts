import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase } from './database';
import { readEnvironment } from './env';
import { verifyIdentities } from './identity';
import { describeError } from './log';
import type { SchemaMigration } from './schema-state';
import { createServer } from './server';

/** Written into the bundle by app/build.ts. */
declare const KNOWN_MIGRATIONS: readonly SchemaMigration[];

async function main(): Promise<void> {
  const environment = readEnvironment(process.env);
  const server = createServer({
    environment,
    knownMigrations: KNOWN_MIGRATIONS,
    identities: verifyIdentities(environment),
    database: openDatabase(environment, (error) => {
      server.app.log.warn({ dependency: 'database', error: describeError(error) }, 'idle connection lost');
    }),
  });

  const { app } = server;

  // Node's own report of these would print the error's message, which may repeat a patient's data.
  process.on('uncaughtException', (error) => {
    app.log.fatal({ error: describeError(error) }, 'uncaught error');
    process.exit(1);
  });

  const leave = async (signal: NodeJS.Signals): Promise<void> => {
    app.log.info({ signal }, 'draining');
    server.startDraining();
    setTimeout(() => {
      app.log.error('requests were still running at the end of the drain');
      process.exit(1);
    }, environment.DRAIN_SECONDS * 1000).unref();
    await sleep(environment.DRAIN_NOTICE_SECONDS * 1000);
    await app.close();
    app.log.info('drained');
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void leave(signal));

  await app.listen({ host: environment.HOST, port: environment.PORT });
}

main().catch((error: unknown) => {
  // Only what this program says itself: a wrong environment, a port in use.
  process.stderr.write(`${error instanceof Error ? error.message : 'The API cannot start.'}\n`);
  process.exit(1);
});
