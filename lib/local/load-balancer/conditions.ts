import type { IncomingHttpHeaders } from 'node:http';
import { BlockList, isIP } from 'node:net';
import type { Condition, Listener, Rule } from './model';

/** What rules look at. */
export interface Asked {
  /** HTTP method. */
  readonly method: string;
  /** Path without the query. */
  readonly path: string;
  /** Parsed query. */
  readonly query: URLSearchParams;
  /** Headers. */
  readonly headers: IncomingHttpHeaders;
  /** Address of the caller. */
  readonly sourceIp: string;
}

function globMatches(pattern: string, value: string, caseless: boolean): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, caseless ? 'is' : 's').test(value);
}

function queryMatches(pattern: string, query: URLSearchParams): boolean {
  const at = pattern.indexOf('=');
  const [key, value] = at < 0 ? [undefined, pattern] : [pattern.slice(0, at), pattern.slice(at + 1)];
  return [...query].some(
    ([k, v]) => (key === undefined || globMatches(key, k, true)) && globMatches(value, v, true),
  );
}

function sourceMatches(range: string, address: string): boolean {
  const [network, prefix] = range.split('/');
  if (network === undefined || prefix === undefined || isIP(address) === 0) return false;
  const family = isIP(network) === 6 ? 'ipv6' : 'ipv4';
  const list = new BlockList();
  list.addSubnet(network, Number(prefix), family);
  return list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

function holds(condition: Condition, asked: Asked): boolean {
  const any = (test: (value: string) => boolean): boolean => condition.values.some(test);
  switch (condition.field) {
    case 'path-pattern':
      return any((value) => globMatches(value, asked.path, false));
    case 'host-header': {
      const host = (asked.headers.host ?? '').replace(/:\d+$/, '');
      return any((value) => globMatches(value, host, true));
    }
    case 'http-header': {
      const header = asked.headers[(condition.headerName ?? '').toLowerCase()];
      const actual = Array.isArray(header) ? header.join(',') : header;
      return actual !== undefined && any((value) => globMatches(value, actual, true));
    }
    case 'http-request-method':
      return any((value) => value === asked.method);
    case 'query-string':
      return any((value) => queryMatches(value, asked.query));
    case 'source-ip':
      return any((value) => sourceMatches(value, asked.sourceIp));
    default:
      return false;
  }
}

/** The first rule whose conditions all hold; the default has none, so there is always one. */
export function ruleFor(listener: Listener, asked: Asked): Rule | undefined {
  return listener.rules.find((rule) => rule.conditions.every((condition) => holds(condition, asked)));
}
