import * as fs from 'node:fs';
import * as path from 'node:path';
import { MetricUnit } from '@aws-lambda-powertools/metrics';
import * as z from 'zod';
import { connector, iamToken, trustedAuthorities } from '../../lib/migrations/connection';
import { createMigrator } from '../../lib/migrations/engine';
import { type Invocation, invocationSchema } from '../../lib/migrations/invocation';
import { parseManifest } from '../../lib/migrations/manifest';
import type { Clock } from '../../lib/migrations/ports';
import type { Report } from '../../lib/migrations/report';
import type { Request } from '../../lib/migrations/request';
import { parseEnvironment } from '../shared/environment';
import { logger, metrics, traced } from '../shared/telemetry';
import { API_ROLE, API_SESSIONS, migrationMetrics, RUNNER_FILES, runMigrationsSchema } from './env';
import { closing } from './closing';

const environment = parseEnvironment(runMigrationsSchema);
const beside = (name: string): string => fs.readFileSync(path.join(__dirname, name), 'utf8');
const set = parseManifest(beside(RUNNER_FILES.migrations));
const queries = z
  .array(z.strictObject({ name: z.string(), sql: z.string() }))
  .parse(JSON.parse(beside(RUNNER_FILES.queries)));

const connect = connector({
  host: environment.DATABASE_HOST,
  port: Number(environment.DATABASE_PORT),
  database: environment.DATABASE_NAME,
  user: environment.DATABASE_USER,
  password: iamToken({
    host: environment.DATABASE_HOST,
    port: Number(environment.DATABASE_PORT),
    user: environment.DATABASE_USER,
    region: environment.DATABASE_REGION,
  }),
  authorities: trustedAuthorities(environment.DATABASE_REGION, environment.NODE_EXTRA_CA_CERTS),
});

/** What changes nothing. */
const LOOKS: ReadonlySet<Request['action']> = new Set(['status', 'compatible']);

const clock: Clock = {
  now: () => performance.now(),
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  random: () => Math.random(),
};

/**
 * Does to the database what it is asked, with the migrations and queries that stand beside its code, until it is done,
 * its slice is over or its time is short; then it answers how far it came. Nothing outlives a call.
 * @throws Error when it is asked in a form that it does not know, or to change something where it may only look
 */
export const handler = traced(async (input: unknown, context): Promise<Report> => {
  const { request, runner, sliceSeconds } = parseInvocation(input);
  if (environment.ONLY_LOOKS !== undefined && !LOOKS.has(request.action))
    throw new Error(
      `This function tells of migrations: it is asked to ${request.action}, and the runner does that.`,
    );
  const sessions = closing(connect);
  const begun = clock.now();
  const end = begun + (sliceSeconds ?? Infinity) * 1000;
  logger.info('asked', { request, release: runner.release, actor: runner.actor });
  try {
    const migrator = createMigrator({
      set,
      queries,
      runner,
      clock,
      connect: sessions.connect,
      applicationPrefix: API_SESSIONS,
      applicationRole: API_ROLE,
      remainingMs: () => Math.min(context.getRemainingTimeInMillis(), end - clock.now()),
      onEvent: ({ kind, ...event }) => logger.info(kind, event),
    });
    const report = await migrator.run(request);
    tell(report);
    return report;
  } finally {
    await sessions.close();
  }
});

function parseInvocation(input: unknown): Invocation {
  const parsed = invocationSchema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new Error(`The runner does not know what it is asked:\n${z.prettifyError(parsed.error)}`);
}

function tell(report: Report): void {
  const { action, outcome, problems, milliseconds } = report;
  const steps = 'steps' in report ? report.steps : [];
  const written = { action, outcome, milliseconds, problems, steps };
  if (outcome === 'failed') logger.error('answered', written);
  else if (outcome === 'refused') logger.warn('answered', written);
  else logger.info('answered', written);

  metrics.addDimension('environment', environment.ENVIRONMENT);
  metrics.addMetric(migrationMetrics.failed, MetricUnit.Count, outcome === 'failed' ? 1 : 0);
  metrics.addMetric(migrationMetrics.refused, MetricUnit.Count, outcome === 'refused' ? 1 : 0);
  metrics.addMetric(migrationMetrics.duration, MetricUnit.Milliseconds, milliseconds);
  if (steps.length === 0) return;
  metrics.addMetric(
    migrationMetrics.attempts,
    MetricUnit.Count,
    steps.reduce((sum, { attempts }) => sum + attempts, 0),
  );
  metrics.addMetric(
    migrationMetrics.stall,
    MetricUnit.Milliseconds,
    Math.max(...steps.map(({ stallMs = 0 }) => stallMs)),
  );
}
