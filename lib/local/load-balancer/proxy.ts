import * as http from 'node:http';
import * as https from 'node:https';
import type { Duplex } from 'node:stream';
import { answer } from './errors';
import { endToEnd, targetHeaders } from './headers';
import type { Listener, LoadBalancer } from './model';
import type { Target } from './target';

/** How long a target may take to accept a connection; ELB documents ten seconds. */
const CONNECT_TIMEOUT_MILLISECONDS = 10_000;

/** ELB's own status for a client that closed before the answer came. */
const CLIENT_LEFT = 460;

/** How a forwarded request ended. */
export interface Outcome {
  /** Status of the target's answer; nothing when the load balancer answered. */
  readonly targetStatus?: number;
  /** Status of the load balancer's own answer: 502, 504, or 460 when the client left. */
  readonly ownStatus?: number;
  /** Whether the target could not be connected to. */
  readonly notConnected?: boolean;
  /** Seconds from sending the request to the first line of the answer. */
  readonly seconds: number;
}

/** A request on its way to a target. */
export interface Forward {
  /** The client's request. */
  readonly request: http.IncomingMessage;
  /** Where it came in. */
  readonly listener: Listener;
  /** The load balancer it came in at. */
  readonly balancer: LoadBalancer;
  /** Where it goes. */
  readonly target: Target;
}

function open(
  forward: Forward,
  headers: http.OutgoingHttpHeaders,
  agent: http.Agent | false,
): http.ClientRequest {
  const { request, target } = forward;
  const location = target.location();
  const send = target.protocol === 'HTTPS' ? https.request : http.request;
  const options: https.RequestOptions = {
    // A target whose address is nobody's is refused at once: nothing listens on port 1.
    ...(location ?? { host: '127.0.0.1', port: 1 }),
    method: request.method,
    path: request.url,
    headers,
    agent,
    rejectUnauthorized: false,
  };
  return send(options);
}

/** Sends the request to its target and the answer to the client; resolves when it is over, however it ended. */
export function forwardRequest(forward: Forward, response: http.ServerResponse): Promise<Outcome> {
  const { request, listener, balancer, target } = forward;
  const headers = targetHeaders(request, listener, balancer);
  if (request.headers['transfer-encoding'] !== undefined) headers['transfer-encoding'] = 'chunked';
  const replayable = headers['content-length'] === undefined && headers['transfer-encoding'] === undefined;
  const begun = process.hrtime.bigint();
  const seconds = (): number => Number(process.hrtime.bigint() - begun) / 1e9;

  return new Promise((resolve) => {
    const attempt = (again: boolean): void => {
      const outgoing = open(forward, headers, target.agent);
      const ended = target.began(outgoing);
      let over = false;
      const finish = (outcome: Outcome): void => {
        ended();
        resolve(outcome);
      };
      const refuse = (status: number, notConnected: boolean): void => {
        if (over) return;
        over = true;
        answer(response, status);
        finish({ ownStatus: status, notConnected, seconds: seconds() });
      };
      limit(outgoing, balancer.idleTimeoutSeconds, () => {
        refuse(504, false);
        outgoing.destroy();
      });
      response.once('close', () => {
        if (!response.writableFinished) outgoing.destroy();
      });
      outgoing.once('response', (incoming) => {
        over = true;
        const first = seconds();
        response.writeHead(incoming.statusCode ?? 502, incoming.statusMessage, endToEnd(incoming.headers));
        incoming.pipe(response);
        incoming.once('error', () => response.destroy());
        incoming.once('close', () => finish({ targetStatus: incoming.statusCode ?? 502, seconds: first }));
      });
      outgoing.once('error', (error: NodeJS.ErrnoException) => {
        if (over) return;
        // The target closed a kept connection as the request was written: it saw nothing of it.
        if (again && replayable && outgoing.reusedSocket && error.code === 'ECONNRESET') {
          ended();
          attempt(false);
          return;
        }
        refuse(response.destroyed ? CLIENT_LEFT : 502, error.code === 'ECONNREFUSED');
      });
      if (replayable) outgoing.end();
      else request.pipe(outgoing);
    };
    attempt(true);
  });
}

/** 504 when the target does not accept within ten seconds, or is silent for the idle timeout. */
function limit(outgoing: http.ClientRequest, idleSeconds: number, give: () => void): void {
  outgoing.once('socket', (socket) => {
    if (socket.connecting) {
      const late = setTimeout(give, CONNECT_TIMEOUT_MILLISECONDS);
      const done = (): void => clearTimeout(late);
      socket.once('connect', done);
      outgoing.once('close', done);
    }
    outgoing.setTimeout(idleSeconds * 1000, give);
  });
}

/** Carries an upgraded connection, such as a WebSocket, until either side ends it or both are silent too long. */
export function forwardUpgrade(forward: Forward, client: Duplex, head: Buffer): void {
  const { request, listener, balancer, target } = forward;
  const headers = targetHeaders(request, listener, balancer);
  headers.connection = 'Upgrade';
  headers.upgrade = request.headers.upgrade;
  const outgoing = open(forward, headers, false);
  const ended = target.began({ destroy: () => client.destroy() });
  client.once('close', () => {
    ended();
    outgoing.destroy();
  });
  client.once('error', () => client.destroy());
  const statusLine = (incoming: http.IncomingMessage): string => {
    const lines = [`HTTP/1.1 ${incoming.statusCode ?? 502} ${incoming.statusMessage ?? ''}`];
    for (let i = 0; i + 1 < incoming.rawHeaders.length; i += 2)
      lines.push(`${incoming.rawHeaders[i] ?? ''}: ${incoming.rawHeaders[i + 1] ?? ''}`);
    return `${lines.join('\r\n')}\r\n\r\n`;
  };
  outgoing.once('upgrade', (incoming, socket, first) => {
    client.write(statusLine(incoming));
    client.write(first);
    socket.write(head);
    const quiet = balancer.idleTimeoutSeconds * 1000;
    socket.setTimeout(quiet, () => client.destroy());
    socket.once('error', () => client.destroy());
    socket.once('close', () => client.destroy());
    client.once('close', () => socket.destroy());
    socket.pipe(client).pipe(socket);
  });
  outgoing.once('response', (incoming) => {
    client.write(statusLine(incoming));
    incoming.pipe(client);
  });
  outgoing.once('error', () =>
    client.end('HTTP/1.1 502 Bad Gateway\r\nserver: awselb/2.0\r\ncontent-length: 0\r\n\r\n'),
  );
  outgoing.end();
}
