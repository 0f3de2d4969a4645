import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { createMigrator } from '../../../../../lib/migrations/engine';
import type { Task } from './task';

/** Says something to the test, a line of JSON at a time. */
function say(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** Stands still until the test lets it go on or kills it; the connections stay open meanwhile. */
async function standStill(query: string): Promise<void> {
  const wait = new AbortController();
  process.once('SIGUSR2', () => wait.abort());
  say({ paused: query });
  await sleep(600_000, undefined, { signal: wait.signal }).catch(() => undefined);
}

/** Sets everything that tells the time of day wrong by so much. */
function skewTimeOfDay(byMs: number): void {
  const Right = Date;
  const now = (): number => Right.now() + byMs;
  globalThis.Date = new Proxy(Right, {
    get: (target, name) => (name === 'now' ? now : (Reflect.get(target, name) as unknown)),
    construct: (target, args: unknown[]) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args) as object,
  });
}

/** The runner as a process of its own, that can be made to stand still at any query of its first session. */
async function main(task: Task): Promise<void> {
  const { pause, jumpMs, skewMs } = task;
  if (skewMs !== undefined) skewTimeOfDay(skewMs);
  const queries: string[] = [];
  let matched = 0;

  let wrong = skewMs ?? 0;
  const clock = {
    now: () => performance.now() + wrong,
    sleep: (milliseconds: number) => sleep(milliseconds).then(() => undefined),
    random: Math.random,
  };

  /** Stands still; afterwards the clock may be another one. */
  const stand = async (text: string): Promise<void> => {
    await standStill(text);
    wrong += jumpMs ?? 0;
  };

  /** Lets every query pass, and the one that the test waits for only as far as it wants. */
  const instrument = (client: Client): void => {
    const send = client.query.bind(client) as (...args: unknown[]) => Promise<unknown>;
    const query = async (...args: unknown[]): Promise<unknown> => {
      const [first] = args;
      const text = typeof first === 'string' ? first : ((first as { text?: string } | null)?.text ?? '');
      queries.push(text);
      const hit =
        pause !== undefined &&
        (typeof pause.at === 'number'
          ? queries.length === pause.at
          : new RegExp(pause.at).test(text) && ++matched === (pause.occurrence ?? 1));
      if (!hit) return send(...args);
      if (pause.moment === 'before') {
        await stand(text);
        return send(...args);
      }
      const answer = send(...args);
      if (pause.moment === 'during') say({ paused: text });
      else await answer.then(() => stand(text));
      return answer;
    };
    client.query = query as typeof client.query;
  };

  let sessions = 0;
  const connect = async (application: string): Promise<Client> => {
    const client = new Client({
      ...task.connection,
      application_name: application,
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
    });
    client.on('error', () => undefined);
    await client.connect();
    if (sessions++ === 0) instrument(client);
    return client;
  };

  const report = await createMigrator({
    set: task.set,
    connect,
    clock,
    runner: task.runner,
    queries: [],
    applicationPrefix: 'telehealth-api/',
    ...(task.limits && { limits: task.limits }),
  }).run(task.request);
  say({ report, queries });
}

let input = '';
process.stdin
  .setEncoding('utf8')
  .on('data', (chunk: string) => (input += chunk))
  .on('end', () => {
    main(JSON.parse(input) as Task).then(
      () => process.exit(0),
      (error: unknown) => {
        say({ thrown: error instanceof Error ? `${error.name}: ${error.message}` : String(error) });
        process.exit(1);
      },
    );
  });
