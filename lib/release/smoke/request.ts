import type { SmokeOptions } from './model';

/** An answer, or why there was none. */
export interface Answer {
  /** The status; 0 when there was no answer. */
  readonly status: number;
  /** The body when it is JSON. */
  readonly body: unknown;
  /** How long it took, in milliseconds. */
  readonly milliseconds: number;
  /** Why there was none. */
  readonly error?: string;
}

/** What is sent. */
export interface Asked {
  /** Path from the base address. */
  readonly path: string;
  /**
   * Access token to send.
   * @default - none
   */
  readonly token?: string | undefined;
  /**
   * A body to post.
   * @default - it is a GET
   */
  readonly post?: object;
}

/** Longer than any budget; what takes this long is as good as down. */
const REQUEST_MS = 10_000;

/** Sends one request and measures it to the end of its body. Never throws: an answer that did not come is an answer. */
export async function ask({ baseUrl, fetch, clock }: SmokeOptions, asked: Asked): Promise<Answer> {
  const start = clock.now();
  try {
    const response = await fetch(new URL(asked.path, baseUrl), {
      method: asked.post ? 'POST' : 'GET',
      headers: {
        accept: 'application/json',
        ...(asked.token !== undefined && { authorization: `Bearer ${asked.token}` }),
        ...(asked.post && { 'content-type': 'application/json' }),
      },
      ...(asked.post && { body: JSON.stringify(asked.post) }),
      // A redirect would be followed to somewhere else, which says nothing of this version.
      redirect: 'manual',
      signal: AbortSignal.timeout(REQUEST_MS),
    });
    const text = await response.text();
    return { status: response.status, body: parse(text), milliseconds: clock.now() - start };
  } catch (error) {
    return { status: 0, body: undefined, milliseconds: clock.now() - start, error: reason(error) };
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** What fetch failed of stands in its cause; its own message is only "fetch failed". */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (cause instanceof Error)
    return 'code' in cause ? `${String(cause.code)}: ${cause.message}` : cause.message;
  return error.message;
}
