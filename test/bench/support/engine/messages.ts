import type { ClientConfig } from 'pg';
import type { Limits } from '../../../../lib/migrations/engine/options';
import type { NamedQuery } from '../../../../lib/migrations/ports';
import type { Report } from '../../../../lib/migrations/report';
import type { Request } from '../../../../lib/migrations/request';

/** What a process that runs the engine is told. */
export interface EngineOptions {
  /** Folder of the migrations. */
  readonly folder: string;
  /** How to sign in. */
  readonly access: ClientConfig;
  /** Release that is deployed. */
  readonly release: string;
  /** What that release asks. */
  readonly queries: readonly NamedQuery[];
  /** How far it goes, where the bench turns a guard off. */
  readonly limits: Partial<Limits>;
  /** What it is asked, one after the other, until one does not end well. */
  readonly requests: readonly Request[];
}

/** What it answered, and what it took. */
export interface EngineResult {
  /** Answers, in the order of the requests. */
  readonly reports: readonly Report[];
  /** How long each took, in milliseconds, without reading the files. */
  readonly milliseconds: readonly number[];
  /** Reading the files, in milliseconds. */
  readonly readMs: number;
  /** Memory of the process while it ran, in bytes, four times a second. */
  readonly rss: readonly number[];
}

/** To the process. */
export type ToEngine = { readonly load: EngineOptions } | { readonly run: true };

/** From the process. */
export type FromEngine =
  { readonly ready: true } | { readonly result: EngineResult } | { readonly error: string };
