import { fastify, LogController, type FastifyInstance } from 'fastify';
import type { Database } from './database';
import type { ApiEnvironment } from './env';
import { healthRoutes } from './health';
import type { Identities } from './identity';
import { describeError, logOptions, logRequests, requestId, type LogStream } from './log';
import { Problem, sendProblem } from './problem';
import type { SchemaMigration } from './schema-state';
import { visitRoutes } from './visits/routes';

/** What the API is made of. */
export interface ServerParts {
  /** The environment. */
  readonly environment: Pick<ApiEnvironment, 'LOG_LEVEL' | 'VERSION' | 'COMMIT'>;
  /** The database. */
  readonly database: Database;
  /** Migrations that this build was made with. */
  readonly knownMigrations: readonly SchemaMigration[];
  /** Who is calling. */
  readonly identities: Identities;
  /** Where log lines go; standard output when absent. */
  readonly logStream?: LogStream;
}

/** The API, and the way to tell it that it is about to leave. */
export interface Server {
  /** The API. */
  readonly app: FastifyInstance;
  /** From now on it is not ready, and connections close after their answer. */
  startDraining(): void;
}

/** The load balancer closes an idle connection after 60 s; the API must not be first, or requests are lost. */
const KEEP_ALIVE_MS = 65_000;

/** Answers are data for one person's program: not to be cached, framed, guessed at or run. */
const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=63072000; includeSubDomains',
  'x-content-type-options': 'nosniff',
} as const;

/** Puts the API together; it does not listen yet. */
export function createServer(parts: ServerParts): Server {
  let draining = false;
  const app = fastify({
    logger: logOptions(parts.environment, parts.logStream),
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: requestId,
    bodyLimit: 256 * 1024,
    requestTimeout: 30_000,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connectionTimeout: KEEP_ALIVE_MS + 5_000,
    http: { headersTimeout: 20_000, maxHeaderSize: 16 * 1024 },
    routerOptions: { maxParamLength: 64 },
  });

  app.addHook('onRequest', (request, reply, done) => {
    reply.headers({ ...HEADERS, 'x-request-id': request.id });
    done();
  });
  app.addHook('onSend', (_request, reply, payload, done) => {
    if (draining) reply.header('connection', 'close');
    done(null, payload);
  });
  app.addHook('onClose', () => parts.database.close());
  logRequests(app);

  app.setNotFoundHandler((_request, reply) => sendProblem(reply, new Problem(404, 'Not Found')));
  app.setErrorHandler((error, request, reply) => {
    if (error instanceof Problem) return sendProblem(reply, error);
    const status = clientStatus(error);
    if (status) return sendProblem(reply, new Problem(status, 'The request cannot be read'));
    request.log.error({ error: describeError(error) }, 'unexpected error');
    return sendProblem(reply, new Problem(500, 'Internal Server Error'));
  });

  healthRoutes(app, { ...parts, draining: () => draining });
  app.get('/version', () => ({ version: parts.environment.VERSION, commit: parts.environment.COMMIT }));
  app.get('/v1/me', async (request) => parts.identities.identify(request.headers.authorization));
  visitRoutes(app, parts);

  return { app, startDraining: () => (draining = true) };
}

/** The status of an error that Fastify blames the request for: too large, not JSON and the like. */
function clientStatus(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('statusCode' in error)) return undefined;
  const { statusCode } = error;
  return typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500 ? statusCode : undefined;
}
