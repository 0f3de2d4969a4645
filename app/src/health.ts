import type { FastifyInstance } from 'fastify';
import type { Database } from './database';
import { describeError } from './log';
import { schemaState, type SchemaMigration } from './schema-state';

/** What readiness depends on. */
export interface HealthOptions {
  /** The database, which is asked each time. */
  readonly database: Pick<Database, 'appliedMigrations'>;
  /** Migrations that this build was made with. */
  readonly knownMigrations: readonly SchemaMigration[];
  /** Whether the process is on its way out. */
  readonly draining: () => boolean;
}

/**
 * `/health/live` tells that the process answers; a restart helps when it does not. `/health/ready` tells
 * whether to send requests here: 503 while draining, when the database's schema is not one that this build can serve,
 * or with the name of the dependency that is down. Why it is down goes to the log only.
 */
export function healthRoutes(app: FastifyInstance, options: HealthOptions): void {
  app.get('/health/live', () => ({ status: 'live' }));

  app.get('/health/ready', async (request, reply) => {
    if (options.draining()) return reply.code(503).send({ status: 'draining' });
    try {
      const applied = await options.database.appliedMigrations();
      const { state, version } = schemaState(options.knownMigrations, applied);
      const answer = { checks: { database: 'up', schema: state }, schemaVersion: version };
      if (state === 'known') return { status: 'ready', ...answer };
      request.log.warn(
        { schema: state, schemaVersion: version },
        'schema is not one that this build can serve',
      );
      return await reply.code(503).send({ status: 'unavailable', ...answer });
    } catch (error) {
      request.log.warn({ dependency: 'database', error: describeError(error) }, 'dependency is down');
      return reply.code(503).send({ status: 'unavailable', checks: { database: 'down' } });
    }
  });
}
