import type { FastifyInstance } from 'fastify';
import type { Database } from './database';
import { describeError } from './log';

/** What readiness depends on. */
export interface HealthOptions {
  /** The database, which is asked each time. */
  readonly database: Pick<Database, 'check'>;
  /** Whether the process is on its way out. */
  readonly draining: () => boolean;
}

/**
 * `/health/live` tells that the process answers; a restart helps when it does not. `/health/ready` tells
 * whether to send requests here: 503 while draining, or with the name of the dependency that is down. Why it
 * is down goes to the log only.
 */
export function healthRoutes(app: FastifyInstance, options: HealthOptions): void {
  app.get('/health/live', () => ({ status: 'live' }));

  app.get('/health/ready', async (request, reply) => {
    if (options.draining()) return reply.code(503).send({ status: 'draining' });
    try {
      await options.database.check();
      return { status: 'ready', checks: { database: 'up' } };
    } catch (error) {
      request.log.warn({ dependency: 'database', error: describeError(error) }, 'dependency is down');
      return reply.code(503).send({ status: 'unavailable', checks: { database: 'down' } });
    }
  });
}
