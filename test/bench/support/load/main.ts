import { createHash } from 'node:crypto';
import { Pool } from 'pg';
import type { FromLoad, LoadOptions, LoadResult, ToLoad } from './messages';

// A process of its own: what the engine or the bench computes must not delay the clock of a request.

/** Every application of the platform tells the database on whose behalf it asks. */
const ORGANISATION = '00000000-0000-4000-8000-000000000001';

const send = (message: FromLoad): void => void process.send?.(message);

class Load {
  private readonly begun = performance.now();
  private readonly timer = setInterval(() => this.tick(), 2);
  private next = 0;
  private open = 0;
  private latencies: number[] = [];
  private failures: Record<string, number> = {};
  private since = 0;

  private constructor(
    private readonly options: LoadOptions,
    private readonly pool: Pool,
  ) {}

  /** Begins once all sessions are open: opening one is not what is measured. */
  static async start(options: LoadOptions): Promise<Load> {
    const pool = new Pool({
      ...options.access,
      options: `-c app.organisation_id=${ORGANISATION}`,
      max: options.pool,
      idleTimeoutMillis: 0,
    });
    pool.on('error', () => undefined);
    const clients = await Promise.all(Array.from({ length: options.pool }, () => pool.connect()));
    for (const client of clients) client.release();
    return new Load(options, pool);
  }

  record(): void {
    this.latencies = [];
    this.failures = {};
    this.since = performance.now();
  }

  async stop(): Promise<LoadResult> {
    clearInterval(this.timer);
    const end = performance.now() + 60_000;
    while (this.open > 0 && performance.now() < end) await new Promise((done) => setTimeout(done, 10));
    if (this.open > 0) this.failures['unanswered'] = this.open;
    const slow = this.latencies.filter((ms) => ms > 100).length + this.open;
    return {
      requests: this.latencies.length + this.open,
      failures: this.failures,
      slow,
      worstMs: this.latencies.reduce((worst, ms) => Math.max(worst, ms), this.open > 0 ? 60_000 : 0),
    };
  }

  private tick(): void {
    const now = performance.now();
    for (;;) {
      const due = this.begun + (this.next * 1000) / this.options.rate;
      if (due > now) return;
      void this.request(this.next++, due);
    }
  }

  private async request(number: number, due: number): Promise<void> {
    const { select, insert, update } = this.options.queries;
    const row = 1 + Math.floor(Math.random() * this.options.rows);
    const id = createHash('md5').update(String(row)).digest('hex');
    this.open += 1;
    let failure: string | undefined;
    try {
      if (number % 5 === 3) await this.pool.query(insert);
      else await this.pool.query(number % 5 === 1 ? update : select, [id]);
    } catch (error) {
      failure = (error as { code?: string }).code ?? 'connection';
    }
    this.open -= 1;
    if (due < this.since) return;
    this.latencies.push(performance.now() - due);
    if (failure !== undefined) this.failures[failure] = (this.failures[failure] ?? 0) + 1;
  }
}

let load: Load | undefined;

process.on('message', (message: ToLoad) => {
  void (async () => {
    if ('start' in message) {
      load = await Load.start(message.start);
      send({ ready: true });
    } else if ('record' in message) load?.record();
    else if (load) send({ result: await load.stop() });
  })().catch((error: unknown) => send({ error: String(error) }));
});
process.on('disconnect', () => process.exit());
