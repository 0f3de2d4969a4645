import * as fs from 'node:fs';
import * as https from 'node:https';

/** Where the local AWS answers. */
export interface LocalCloud {
  /** HTTPS address of the emulator; loopback only. */
  readonly endpoint: string;
  /** Region of everything deployed. */
  readonly region: string;
  /** Twelve-digit account of everything deployed. */
  readonly account: string;
  /** PEM file of the authority that signed the emulator's certificate. */
  readonly caFile: string;
}

/**
 * Keeps the SDK from printing, in every process that runs on Node 20, when it will want a newer one: Node 20 is
 * supported here, and Lambda and Fargate run the newer one anyway. The variable is the SDK's own.
 */
export const WITHOUT_NODE_NOTICE = { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' } as const;

/** A set of keys, as AWS hands them out. */
export interface Keys {
  /** Access key id. */
  readonly accessKeyId: string;
  /** Secret access key. */
  readonly secretAccessKey: string;
  /** Token of a session; absent for long-lived keys. */
  readonly sessionToken?: string;
}

/** What every SDK client of the local AWS is made with. */
export interface ClientOptions {
  /** See {@link LocalCloud.endpoint}. */
  readonly endpoint: string;
  /** See {@link LocalCloud.region}. */
  readonly region: string;
  /** Never the user's own. */
  readonly credentials: Keys;
  /** Attempts of one call. */
  readonly maxAttempts: number;
  /** Trusts the local authority and nothing else. */
  readonly requestHandler: { readonly httpsAgent: https.Agent; readonly requestTimeout: number };
}

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** Throws unless `endpoint` is on this machine, so that nothing local ever reaches a real account. */
export function requireLoopback(endpoint: string): void {
  const { hostname } = new URL(endpoint);
  if (!LOOPBACK.has(hostname))
    throw new Error(`The local environment refuses ${endpoint}: it is not on this machine.`);
}

/** Keys of the account's root: the emulator takes a twelve-digit key id for the account itself. */
export function rootKeys(cloud: LocalCloud): Keys {
  return { accessKeyId: cloud.account, secretAccessKey: 'local' };
}

/** Options for an SDK client of the local AWS, by default as the account's root. */
export function clientOptions(cloud: LocalCloud, keys: Keys = rootKeys(cloud)): ClientOptions {
  requireLoopback(cloud.endpoint);
  const httpsAgent = new https.Agent({ ca: fs.readFileSync(cloud.caFile), keepAlive: true });
  return {
    endpoint: cloud.endpoint,
    region: cloud.region,
    credentials: keys,
    maxAttempts: 3,
    requestHandler: { httpsAgent, requestTimeout: 15_000 },
  };
}
