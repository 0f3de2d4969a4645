import * as fs from 'node:fs';
import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Phase } from '../../../lib/migrations/model';
import type { Report } from '../../../lib/migrations/report';
import type { Request } from '../../../lib/migrations/request';
import { readRecipes, writeRecipe } from '../../support/recipes';
import { runEngine, withEngine, type EngineOptions } from '../support/engine';
import { underLoad, type Loaded, type LoadResult, type Queries } from '../support/load';
import type { BenchServer } from '../support/server';
import { BEFORE, type Change } from './changes';
import { populate } from './table';

/** How large and how busy. */
export interface Size {
  /** Rows of the table. */
  readonly rows: number;
  /** Requests of a second. */
  readonly rate: number;
}

/** What one form of a change did to the application. */
export interface Measured extends LoadResult {
  /** How long the change took, in milliseconds. */
  readonly milliseconds: number;
  /** Memory of the engine's process while it ran, in bytes; empty for the naive form. */
  readonly rss: readonly number[];
}

/** The same, of a migration that the engine may have refused. */
export interface Guarded extends Measured {
  /** What the engine answered. */
  readonly reports: readonly Report[];
}

/** A release at the moment its migrations run. */
interface Deployment {
  readonly database: string;
  readonly folder: string;
  readonly release: string;
  readonly queries: Queries;
}

/** The database that each measurement starts from a copy of. */
const BASE = 'base';
/** One task of the API has so many sessions (app/src). */
const POOL = 40;

/** Measures changes of one populated table. */
export class Measure {
  constructor(
    readonly server: BenchServer,
    private readonly size: Size,
  ) {}

  /** Makes the table by its recipe and fills it. */
  async prepare(): Promise<void> {
    await this.server.create(BASE);
    const folder = this.server.folder('table');
    writeRecipe(folder);
    await this.run({ database: BASE, folder, release: '1', queries: BEFORE }, { action: 'up' });
    await this.server.as('migrator', BASE, (client) => populate(client, this.size.rows));
  }

  /** What the application sees when nothing happens. */
  baseline(milliseconds: number): Promise<Measured> {
    return this.onCopy(async (database) => {
      const { load } = await this.loaded(database, '1', BEFORE, () => sleep(milliseconds));
      return { ...load, milliseconds, rss: [] };
    });
  }

  /** Each statement sent by itself, without any guard. */
  naive(statements: readonly string[]): Promise<Measured> {
    return this.onCopy(async (database) => {
      const run = (): Promise<void> =>
        this.server.as('migrator', database, async (client) => {
          for (const statement of statements) await client.query(statement);
        });
      const { load, milliseconds } = await this.loaded(database, '1', BEFORE, run);
      return { ...load, milliseconds, rss: [] };
    });
  }

  /**
   * The recipe through the engine: its expand phase while the older release serves; then, when it has one, its
   * contract phase while only the newer one does.
   */
  shipped(change: Change): Promise<Measured> {
    const folder = this.server.folder(change.name);
    writeRecipe(folder, change.name);
    const recipe = readRecipes().get(change.name) ?? [];
    const has = (phase: Phase): boolean => recipe.some(({ text }) => text.includes(`phase=${phase}`));
    return this.onCopy(async (database) => {
      const older: Deployment = { database, folder, release: '1', queries: BEFORE };
      const newer: Deployment = { ...older, release: '2', queries: change.after ?? BEFORE };
      const parts: Measured[] = [];
      if (has('expand')) parts.push(await this.phase(older, { action: 'up' }));
      if (has('contract')) {
        // The newer release is deployed in between, and the engine hears of its queries.
        await this.run(newer, { action: 'up' });
        const plan = await this.run(newer, { action: 'plan', phase: 'contract' });
        if (plan.action !== 'plan') throw new Error('There is no plan.');
        // What loses data is approved by its plan's digest, as a person does.
        parts.push(await this.phase(newer, { action: 'up', phase: 'contract', approve: plan.digest }));
      }
      return parts.reduce(together);
    });
  }

  /** A migration of one statement, run by the engine with its guards set as told. */
  guarded(statement: string, limits: EngineOptions['limits']): Promise<Guarded> {
    const folder = this.server.folder('guarded');
    writeRecipe(folder);
    const header = '-- migrate: phase=expand reversible=no statement_timeout=10min';
    fs.writeFileSync(path.join(folder, '0002_naive.up.sql'), `${header}\n${statement};\n`);
    fs.writeFileSync(path.join(folder, '0002_naive.down.sql'), '-- It is not undone.\n');
    return this.onCopy((database) => {
      const engine = this.engine({ database, folder, release: '1', queries: BEFORE });
      return withEngine({ ...engine, limits, requests: [{ action: 'up' }] }, async (run) => {
        const { load, value, milliseconds } = await this.loaded(database, '1', BEFORE, run);
        return { ...load, milliseconds, rss: value.rss, reports: value.reports };
      });
    });
  }

  private phase(deployment: Deployment, request: Request): Promise<Measured> {
    const { database, release, queries } = deployment;
    return withEngine({ ...this.engine(deployment), requests: [request] }, async (run) => {
      const { load, value, milliseconds } = await this.loaded(database, release, queries, run);
      lastOf(value.reports);
      return { ...load, milliseconds, rss: value.rss };
    });
  }

  private async run(deployment: Deployment, request: Request): Promise<Report> {
    return lastOf((await runEngine({ ...this.engine(deployment), requests: [request] })).reports);
  }

  private engine({ database, folder, release, queries }: Deployment): Omit<EngineOptions, 'requests'> {
    return {
      folder,
      access: this.server.access('migrator', database),
      release,
      queries: [
        { name: 'select', sql: queries.select },
        { name: 'insert', sql: queries.insert },
        { name: 'update', sql: queries.update },
      ],
      limits: {},
    };
  }

  private loaded<T>(
    database: string,
    release: string,
    queries: Queries,
    run: () => Promise<T>,
  ): Promise<Loaded<T>> {
    const access = this.server.access('api', database, `telehealth-api/${release}`);
    return underLoad({ access, rate: this.size.rate, pool: POOL, rows: this.size.rows, queries }, run);
  }

  private async onCopy<T>(run: (database: string) => Promise<T>): Promise<T> {
    await this.server.create('copy', BASE);
    try {
      return await run('copy');
    } finally {
      await this.server.drop('copy');
    }
  }
}

/** A form that is several phases is as bad as its worst one. */
function together(one: Measured, other: Measured): Measured {
  const failures = { ...one.failures };
  for (const [code, count] of Object.entries(other.failures)) failures[code] = (failures[code] ?? 0) + count;
  return {
    requests: one.requests + other.requests,
    slow: one.slow + other.slow,
    worstMs: Math.max(one.worstMs, other.worstMs),
    failures,
    milliseconds: one.milliseconds + other.milliseconds,
    // Each phase is a process of its own.
    rss: one.rss.length > other.rss.length ? one.rss : other.rss,
  };
}

function lastOf(reports: readonly Report[]): Report {
  const last = reports.at(-1);
  if (last?.outcome !== 'done') throw new Error(`The engine did not finish: ${JSON.stringify(last)}`);
  return last;
}
