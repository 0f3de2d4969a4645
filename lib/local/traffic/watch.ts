import * as fs from 'node:fs';
import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Forwarding } from '../load-balancer/load-balancer';
import { type Load, readBuckets, startLoad } from '../load';
import type { Bucket } from '../../load/model';
import { callSupervisor, type Control, reportOf, runningSupervisor } from '../supervisor';

/** Where traffic is watched. */
export interface Place {
  /** What it is called, such as an account. */
  readonly name: string;
  /** Folder of its supervisor. */
  readonly supervisor: string;
}

/** How traffic is watched. */
export interface WatchOptions {
  /** The places there are by now. */
  readonly places: () => readonly Place[];
  /** Authority of the load balancers' certificates. */
  readonly caFile: string;
  /** Folder for what is measured. */
  readonly folder: string;
  /** Requests in a second to each place; nothing sends none. */
  readonly rps: number | undefined;
  /** What is asked for. */
  readonly path: string;
}

/** Percent of the requests that a target group was given. */
export interface Weights {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Percent by name of the target group. */
  readonly groups: Readonly<Record<string, number>>;
}

/** What was seen in a place. */
export interface Seen {
  /** Its name. */
  readonly name: string;
  /** What became of the requests. */
  readonly buckets: readonly Bucket[];
  /** Weights of the public listener, whenever they changed. */
  readonly weights: readonly Weights[];
}

const PUBLIC_PORT = 443;
const LOOK_MILLISECONDS = 500;

interface Watched {
  readonly name: string;
  readonly file: string;
  readonly load: Load | undefined;
  readonly weights: Weights[];
  buckets: readonly Bucket[] | undefined;
}

/** Sends requests to every load balancer that appears, and notes the weights of its listener. */
export class TrafficWatch {
  private readonly watched = new Map<string, Watched>();
  private readonly halt = new AbortController();
  private looking: Promise<void> = Promise.resolve();

  constructor(private readonly options: WatchOptions) {}

  /** Begins. */
  begin(): void {
    this.looking = this.look();
  }

  /** Ends every load. @returns what was seen, place by place */
  async end(): Promise<readonly Seen[]> {
    this.halt.abort();
    await this.looking;
    return Promise.all(
      [...this.watched.values()].map(async (one) => {
        one.buckets ??= (await one.load?.stop()) ?? [];
        return { name: one.name, buckets: one.buckets, weights: one.weights };
      }),
    );
  }

  /** What became of the requests to a place so far. */
  soFar(name: string): readonly Bucket[] {
    const one = this.watched.get(name);
    return one === undefined ? [] : readBuckets(one.file);
  }

  private async look(): Promise<void> {
    while (!this.halt.signal.aborted) {
      for (const place of this.options.places()) {
        const control = runningSupervisor(place.supervisor);
        // A place that comes and goes is looked at again.
        if (control !== undefined) await this.lookAt(place, control).catch(() => undefined);
      }
      await sleep(LOOK_MILLISECONDS, undefined, { signal: this.halt.signal }).catch(() => undefined);
    }
  }

  private async lookAt({ name }: Place, control: Control): Promise<void> {
    const { listeners, groups } = await reportOf(control);
    const listener = listeners.find(({ listenerPort }) => listenerPort === PUBLIC_PORT);
    // Nobody is sent where nothing answers yet.
    if (
      listener === undefined ||
      !groups.some(({ targets }) => targets.some(({ state }) => state === 'healthy'))
    )
      return;
    const one = this.watched.get(name) ?? this.watch(name, listener.port);
    const told = (await callSupervisor(control, 'forwards', {
      listenerArn: listener.arn,
    })) as readonly Forwarding[];
    const shares = told.at(-1)?.groups ?? [];
    const all = shares.reduce((sum, { weight }) => sum + weight, 0);
    const percent = Object.fromEntries(
      shares.map(({ targetGroupArn, weight }) => [
        targetGroupArn.split('/')[1] ?? targetGroupArn,
        all === 0 ? 0 : (100 * weight) / all,
      ]),
    );
    if (JSON.stringify(one.weights.at(-1)?.groups) !== JSON.stringify(percent))
      one.weights.push({ at: Date.now(), groups: percent });
  }

  private watch(name: string, port: number): Watched {
    const { caFile, folder, rps, path: asked } = this.options;
    fs.mkdirSync(folder, { recursive: true });
    const file = path.join(folder, `load-${name}.jsonl`);
    const url = `https://localhost:${port}${asked}`;
    const load = rps === undefined ? undefined : startLoad({ url, caFile, rps, headers: {}, file });
    const one: Watched = { name, file, load, weights: [], buckets: undefined };
    this.watched.set(name, one);
    return one;
  }
}
