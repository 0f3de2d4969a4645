import * as net from 'node:net';
import { type Name, NAMES_VARIABLE } from './names';

// Loaded into every Node.js program of a build before the program itself. A rehearsal has no name service to enter the
// load balancers' names into, and loopback ports other than theirs; certificates are still verified by the name.

const names = JSON.parse(process.env[NAMES_VARIABLE] ?? '[]') as readonly Name[];

interface Address {
  host?: string;
  port?: number | string;
}

/** What `connect` was called with; inside of Node.js it is given a list that begins with it. */
function addressOf(first: unknown): Address | undefined {
  const options: unknown = Array.isArray(first) ? first[0] : first;
  return typeof options === 'object' && options !== null ? options : undefined;
}

const prototype = net.Socket.prototype as { connect: (...parameters: unknown[]) => net.Socket };
const { connect } = prototype;
prototype.connect = function (this: net.Socket, ...parameters: unknown[]): net.Socket {
  const address = addressOf(parameters[0]);
  const found = names.find(({ host, port }) => host === address?.host && port === Number(address.port));
  if (address !== undefined && found !== undefined) {
    address.host = '127.0.0.1';
    address.port = found.local;
  }
  return connect.apply(this, parameters);
};
