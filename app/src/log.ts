import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyServerOptions } from 'fastify';
import type { ApiEnvironment } from './env';

/** Fields that are never written, wherever a log line may carry them: the last net, not the first. */
const CENSORED = ['authorization', 'cookie', 'password', 'token', 'headers', 'body', 'query', 'params'];

/** Root of an X-Ray trace id, as the load balancer writes it. */
const TRACE = /(?:^|;)\s*Root=(1-[0-9a-f]{8}-[0-9a-f]{24})(?:;|$)/;

/** Where log lines go; standard output when not said otherwise. */
export interface LogStream {
  /** Takes one line. */
  write(line: string): void;
}

/** One JSON object a line, with the time in ISO 8601 and the level by name. */
export function logOptions(
  environment: Pick<ApiEnvironment, 'LOG_LEVEL' | 'VERSION'>,
  stream?: LogStream,
): NonNullable<FastifyServerOptions['logger']> {
  return {
    level: environment.LOG_LEVEL,
    base: { service: 'api', version: environment.VERSION },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (level) => ({ level }) },
    redact: { paths: CENSORED.flatMap((field) => [field, `*.${field}`]), censor: '[removed]' },
    ...(stream ? { stream } : {}),
  };
}

/** The request's id: the load balancer's trace where there is one, so that its log and this one can be joined. */
export function requestId(request: IncomingMessage): string {
  const header = request.headers['x-amzn-trace-id'];
  return (typeof header === 'string' ? TRACE.exec(header)?.[1] : undefined) ?? randomUUID();
}

/**
 * Writes one line a request, with the route's pattern: a path or a query string may hold what identifies a
 * patient, so neither is written, nor are headers, bodies or addresses.
 */
export function logRequests(app: FastifyInstance): void {
  app.addHook('onResponse', (request, reply, done) => {
    const health = request.routeOptions.url?.startsWith('/health/') === true && reply.statusCode < 400;
    request.log[health ? 'debug' : 'info'](
      {
        method: request.method,
        route: request.routeOptions.url ?? 'none',
        status: reply.statusCode,
        milliseconds: Math.round(reply.elapsedTime * 10) / 10,
      },
      'request',
    );
    done();
  });
}

/**
 * What may be told of an error: its kind, its code and where it was thrown. PostgreSQL repeats row values in
 * `message`, `detail` and `where`, and parsers repeat their input, so no message is kept.
 */
export function describeError(error: unknown): { kind: string; code?: string; at?: string[] } {
  if (!(error instanceof Error)) return { kind: typeof error };
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {};
  const frames = (error.stack ?? '').split('\n').filter((line) => /^ {4}at /.test(line));
  return { kind: error.name, ...code, at: frames.slice(0, 8).map((line) => line.trim()) };
}
