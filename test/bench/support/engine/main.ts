import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { createMigrator } from '../../../../lib/migrations/engine';
import { MigrationFilesError, readMigrations } from '../../../../lib/migrations/files';
import type { MigrationSet } from '../../../../lib/migrations/model';
import type { Report } from '../../../../lib/migrations/report';
import type { EngineOptions, EngineResult, FromEngine, ToEngine } from './messages';

// A process of its own, as the runner is one: it shares no clock with the load, and its memory is its own.

const send = (message: FromEngine): void => void process.send?.(message);

let prepared: { options: EngineOptions; set: MigrationSet; readMs: number } | undefined;

async function load(options: EngineOptions): Promise<void> {
  const begun = performance.now();
  const set = await readMigrations(options.folder);
  prepared = { options, set, readMs: performance.now() - begun };
}

async function run(): Promise<EngineResult> {
  if (!prepared) throw new Error('Nothing was loaded.');
  const { options, set, readMs } = prepared;
  const migrator = createMigrator({
    set,
    connect: async (application) => {
      const client = new Client({ ...options.access, application_name: application });
      client.on('error', () => undefined);
      await client.connect();
      return client;
    },
    clock: { now: () => performance.now(), sleep: (ms) => sleep(ms), random: () => Math.random() },
    runner: { release: options.release, commit: 'bench', actor: 'bench' },
    queries: options.queries,
    applicationPrefix: 'telehealth-api/',
    limits: options.limits,
  });
  const rss: number[] = [];
  const sampler = setInterval(() => rss.push(process.memoryUsage.rss()), 250);
  const reports: Report[] = [];
  const milliseconds: number[] = [];
  for (const request of options.requests) {
    const begun = performance.now();
    let report = await migrator.run(request);
    while (report.outcome === 'continue') report = await migrator.run(request);
    milliseconds.push(performance.now() - begun);
    reports.push(report);
    if (report.outcome !== 'done') break;
  }
  clearInterval(sampler);
  return { reports, milliseconds, readMs, rss };
}

process.on('message', (message: ToEngine) => {
  void (async () => {
    if ('load' in message) {
      await load(message.load);
      send({ ready: true });
    } else send({ result: await run() });
  })().catch((error: unknown) => {
    send({ error: error instanceof MigrationFilesError ? JSON.stringify(error.problems) : String(error) });
  });
});
process.on('disconnect', () => process.exit());
