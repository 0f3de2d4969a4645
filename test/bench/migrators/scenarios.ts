import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import type { BenchServer } from '../support/server';
import type { PlainMigration, Tool } from './tool';

/** A place for one try: an empty database, an empty folder. */
export interface Place {
  readonly server: BenchServer;
  readonly database: string;
  readonly folder: string;
}

/** Something that happens in production, and what a tool makes of it in words. */
export interface Scenario {
  /** What happens. */
  readonly title: string;
  /** Lets it happen. */
  readonly play: (tool: Tool, place: Place) => Promise<string>;
}

const FIRST: PlainMigration = {
  id: 1,
  name: 'first',
  up: 'CREATE TABLE runs (id int GENERATED ALWAYS AS IDENTITY, note text)',
  down: 'DROP TABLE runs',
};
const SLOW: PlainMigration = {
  id: 2,
  name: 'slow',
  up: `INSERT INTO runs (note) SELECT 'second' FROM pg_sleep(0.4)`,
  down: 'DELETE FROM runs',
};
const INDEX: PlainMigration = {
  id: 2,
  name: 'index',
  up: 'CREATE INDEX CONCURRENTLY runs_note_idx ON runs (note)',
  down: 'DROP INDEX CONCURRENTLY runs_note_idx',
  bare: true,
};
const BROKEN: PlainMigration = {
  id: 2,
  name: 'broken',
  up: 'CREATE TABLE other (id int); SELECT 1 / 0',
  down: 'DROP TABLE other',
};
const EMPTY_MIGRATIONS = 100;

/** What happens, in the order of the table. Source of the first four: the failures that make a night. */
export const SCENARIOS: readonly Scenario[] = [
  { title: 'two runners at once', play: twoRunners },
  { title: 'an applied file is edited', play: edited },
  { title: 'CREATE INDEX CONCURRENTLY', play: concurrentIndex },
  { title: 'the same while a second runner waits', play: concurrentIndexOfTwo },
  { title: 'a migration fails: what is left of it', play: failed },
  { title: 'a migration fails: the next call on the same session', play: failedWarm },
  { title: `${EMPTY_MIGRATIONS} empty migrations`, play: empty },
];

async function twoRunners(tool: Tool, place: Place): Promise<string> {
  await begin(tool, place);
  tool.write(place.folder, SLOW);
  const ends = await Promise.allSettled([up(tool, place), up(tool, place)]);
  const times = await count(place, 'SELECT FROM runs');
  return `ran ${times === 1 ? 'once' : `${times} times`}; ${endsOf(ends)}`;
}

async function edited(tool: Tool, place: Place): Promise<string> {
  await begin(tool, place);
  tool.write(place.folder, { ...FIRST, up: FIRST.up.replace('note text', 'note text, more text') });
  tool.write(place.folder, { ...SLOW, up: 'SELECT 1' });
  const end = await ended(up(tool, place));
  return end === undefined ? 'accepted without a word' : `refused (${end})`;
}

async function concurrentIndex(tool: Tool, place: Place): Promise<string> {
  await begin(tool, place);
  tool.write(place.folder, INDEX);
  const end = await ended(up(tool, place));
  return end === undefined ? `built; ${await index(place)}` : `fails (${end}); ${await index(place)}`;
}

/** The build waits for an older transaction for longer than PostgreSQL takes to see a deadlock, which is a second. */
async function concurrentIndexOfTwo(tool: Tool, place: Place): Promise<string> {
  await begin(tool, place);
  tool.write(place.folder, INDEX);
  return place.server.as('migrator', place.database, async (older) => {
    await older.query(`BEGIN; INSERT INTO runs (note) VALUES ('older')`);
    const runners = [up(tool, place), sleep(200).then(() => up(tool, place))];
    const ends = Promise.allSettled(runners);
    await sleep(1_800);
    await older.query('COMMIT');
    return `${endsOf(await ends)}; ${await index(place)}`;
  });
}

async function failed(tool: Tool, place: Place): Promise<string> {
  await begin(tool, place);
  tool.write(place.folder, BROKEN);
  await ended(up(tool, place));
  const left = await count(place, "SELECT FROM pg_class WHERE relname = 'other'");
  tool.write(place.folder, { ...BROKEN, up: 'CREATE TABLE other (id int)' });
  const end = await ended(up(tool, place));
  return `${left === 0 ? 'nothing' : 'half of it'}; mended, it ${end === undefined ? 'runs' : `fails again (${end})`}`;
}

async function failedWarm(tool: Tool, place: Place): Promise<string> {
  await begin(tool, place);
  tool.write(place.folder, BROKEN);
  const { upWith } = tool;
  if (!upWith) {
    await ended(up(tool, place));
    const sessions = await count(
      place,
      `SELECT FROM pg_stat_activity WHERE datname = '${place.database}' AND pid <> pg_backend_pid()`,
    );
    return `keeps no session between calls: ${sessions} are left`;
  }
  const client = new Client(place.server.access('migrator', place.database));
  client.on('error', () => undefined);
  await client.connect();
  try {
    await ended(upWith(place.folder, client));
    const usable = (await ended(client.query('SELECT 1'))) === undefined;
    const locks = await count(place, "SELECT FROM pg_locks WHERE locktype = 'advisory'");
    return `the session ${usable ? 'works' : 'does not work any more'}; ${locks === 0 ? 'no lock is' : 'the lock stays'} held`;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function empty(tool: Tool, place: Place): Promise<string> {
  await begin(tool, place);
  for (let id = 2; id <= EMPTY_MIGRATIONS + 1; id += 1)
    tool.write(place.folder, { id, name: 'nothing', up: 'SELECT 1', down: 'SELECT 1' });
  const start = performance.now();
  await up(tool, place);
  return `${((performance.now() - start) / EMPTY_MIGRATIONS).toFixed(1)} ms each`;
}

async function begin(tool: Tool, place: Place): Promise<void> {
  tool.write(place.folder, FIRST);
  await up(tool, place);
}

function up(tool: Tool, { server, database, folder }: Place): Promise<void> {
  return tool.up(folder, server.access('migrator', database));
}

/** Why something ended badly; nothing when it ended well. */
async function ended(work: Promise<unknown>): Promise<string | undefined> {
  return work.then(
    () => undefined,
    (error: unknown) => words(error),
  );
}

function endsOf(ends: readonly PromiseSettledResult<void>[]): string {
  const bad = ends.flatMap((end) => (end.status === 'rejected' ? [words(end.reason)] : []));
  return bad.length === 0 ? 'both end well' : `${bad.length} of 2 fails (${[...new Set(bad)].join('; ')})`;
}

function words(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const first = error.message.split('\n')[0] ?? '';
  return 'code' in error && typeof error.code === 'string' ? error.code : first.slice(0, 60);
}

function count({ server, database }: Place, sql: string): Promise<number> {
  return server.as('superuser', database, async (client) => (await client.query(sql)).rowCount ?? 0);
}

async function index(place: Place): Promise<string> {
  const valid = await count(
    place,
    "SELECT FROM pg_index WHERE indexrelid = to_regclass('runs_note_idx') AND indisvalid",
  );
  const invalid = await count(
    place,
    "SELECT FROM pg_index WHERE indexrelid = to_regclass('runs_note_idx') AND NOT indisvalid",
  );
  if (invalid > 0) return 'an invalid index is left';
  return valid > 0 ? 'the index is valid' : 'there is no index';
}
