import type { ClientConfig } from 'pg';

/** What a process that makes load is told first. */
export interface LoadOptions {
  /** How to sign in; the application's name is the release that the load plays. */
  readonly access: ClientConfig;
  /** Requests of a second, begun whether or not the ones before have ended. */
  readonly rate: number;
  /** Sessions at most, as one task of the API has. */
  readonly pool: number;
  /** Rows that are there, by id from 1. */
  readonly rows: number;
  /** What the release asks. */
  readonly queries: Queries;
}

/** The statements of a release. */
export interface Queries {
  /** 60 of 100 requests; `$1` is an id. */
  readonly select: string;
  /** 20 of 100 requests; no parameters. */
  readonly insert: string;
  /** 20 of 100 requests; `$1` is an id. */
  readonly update: string;
}

/** What the load saw between `record` and `stop`. */
export interface LoadResult {
  /** How many requests. */
  readonly requests: number;
  /** How many of them failed, by PostgreSQL's code. */
  readonly failures: Readonly<Record<string, number>>;
  /** How many took more than 100 ms, those that failed among them. */
  readonly slow: number;
  /** The longest, from the moment it was due, in milliseconds. */
  readonly worstMs: number;
}

/** To the process. */
export type ToLoad = { readonly start: LoadOptions } | { readonly record: true } | { readonly stop: true };

/** From the process. */
export type FromLoad =
  { readonly ready: true } | { readonly result: LoadResult } | { readonly error: string };
