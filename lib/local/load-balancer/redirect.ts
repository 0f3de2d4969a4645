import type { Action, Listener } from './model';

type Redirect = Extract<Action, { type: 'redirect' }>;

/** What a redirect starts from. */
export interface RedirectFrom {
  /** Listener that got the request. */
  readonly listener: Listener;
  /** Host header without its port. */
  readonly host: string;
  /** Path without its leading slash. */
  readonly path: string;
  /** Query without its question mark. */
  readonly query: string;
}

/**
 * The address that a redirect sends to. Where its port is a listener's, the loopback port that stands for it is
 * used, so that a browser gets there.
 */
export function locationOf(
  action: Redirect,
  from: RedirectFrom,
  loopbackPort: (listenerPort: number) => number | undefined,
): string {
  const fill = (text: string): string =>
    text
      .replaceAll('#{protocol}', from.listener.protocol)
      .replaceAll('#{host}', from.host)
      .replaceAll('#{port}', String(from.listener.port))
      .replaceAll('#{path}', from.path)
      .replaceAll('#{query}', from.query);
  const protocol = fill(action.protocol).toLowerCase();
  const port = Number(fill(action.port));
  const shown = loopbackPort(port) ?? port;
  const implied = shown === (protocol === 'https' ? 443 : 80);
  const query = fill(action.query);
  return `${protocol}://${fill(action.host)}${implied ? '' : `:${shown}`}${fill(action.path)}${query === '' ? '' : `?${query}`}`;
}
