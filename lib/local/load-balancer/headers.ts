import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import type { Listener, LoadBalancer } from './model';

/** Headers that concern one connection only: RFC 9110 7.6.1 and its predecessors. */
const HOP_BY_HOP = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

/** The headers without those that concern one connection only, named ones in `Connection` included. */
export function endToEnd(headers: IncomingHttpHeaders): OutgoingHttpHeaders {
  const named = (headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase());
  const dropped = new Set([...HOP_BY_HOP, ...named]);
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !dropped.has(name)));
}

function traceId(received: string | undefined): string {
  const own = `1-${Math.floor(Date.now() / 1000).toString(16)}-${randomBytes(12).toString('hex')}`;
  if (received === undefined || received === '') return `Root=${own}`;
  return received.includes('Root=') ? `Self=${own};${received}` : `Root=${own};${received}`;
}

/** The headers that a target gets: the client's, with what ELB documents that it adds. */
export function targetHeaders(
  request: IncomingMessage,
  listener: Listener,
  balancer: LoadBalancer,
): OutgoingHttpHeaders {
  const headers = endToEnd(request.headers);
  const client = (request.socket.remoteAddress ?? '').replace(/^::ffff:/, '');
  const before = request.headers['x-forwarded-for'];
  const chain = Array.isArray(before) ? before.join(', ') : before;
  if (balancer.forwardedFor === 'append')
    headers['x-forwarded-for'] = chain === undefined || chain === '' ? client : `${chain}, ${client}`;
  if (balancer.forwardedFor === 'remove') delete headers['x-forwarded-for'];
  headers['x-forwarded-proto'] = listener.protocol.toLowerCase();
  headers['x-forwarded-port'] = String(listener.port);
  const trace = request.headers['x-amzn-trace-id'];
  headers['x-amzn-trace-id'] = traceId(Array.isArray(trace) ? trace[0] : trace);
  return headers;
}
