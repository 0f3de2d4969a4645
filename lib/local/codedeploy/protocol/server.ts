import { randomUUID } from 'node:crypto';
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Switches } from '../switches';
import { Refusal } from './refusal';

/** Who calls, as far as the signature tells. */
export interface Caller {
  /** Access key id that the request is signed with. */
  readonly accessKeyId: string;
  /** Region in the signature's scope. */
  readonly region: string;
}

/** An operation of the API. */
export type Operation = (input: unknown, caller: Caller) => Promise<object>;

const TARGET = 'CodeDeploy_20141006.';
const MOST_BYTES = 1024 * 1024;
const JSON_TYPE = 'application/x-amz-json-1.1';

/** Serves the API over JSON 1.1 on a loopback port, and nothing else. */
export async function serveProtocol(
  port: number,
  operations: Readonly<Record<string, Operation>>,
  names: () => Switches['errorNames'],
): Promise<http.Server> {
  const server = http.createServer((request, response) => {
    read(request)
      .then((body) => answer(request, body, operations))
      .catch((error: unknown) => refusalOf(error, names()))
      .then(({ status, body }) => {
        const text = JSON.stringify(body);
        response.writeHead(status, {
          'content-type': JSON_TYPE,
          'content-length': Buffer.byteLength(text),
          'x-amzn-requestid': randomUUID(),
        });
        response.end(text);
      })
      .catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host: '127.0.0.1' }, resolve);
  });
  return server;
}

/** Address of a server of {@link serveProtocol}. */
export function endpointOf(server: http.Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

interface Answer {
  readonly status: number;
  readonly body: object;
}

async function read(request: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw new Refusal('Serialization', 'The request is too long.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function answer(
  request: http.IncomingMessage,
  body: string,
  operations: Readonly<Record<string, Operation>>,
): Promise<Answer> {
  const { headers, method, url = '/' } = request;
  if (headers['smithy-protocol'] !== undefined || url.startsWith('/service/'))
    return {
      status: 415,
      body: {
        __type: 'UnsupportedProtocol',
        message: `This stand-in of CodeDeploy speaks JSON 1.1 and was spoken to in ${String(headers['smithy-protocol'] ?? url)}: use an SDK that sends application/x-amz-json-1.1.`,
      },
    };
  const target = headers['x-amz-target'];
  if (method !== 'POST' || url !== '/' || typeof target !== 'string' || !target.startsWith(TARGET))
    return unknown(`${method ?? ''} ${url} ${String(target ?? '')} is no operation of CodeDeploy.`);
  const operation = operations[target.slice(TARGET.length)];
  if (operation === undefined)
    return unknown(`The stand-in of CodeDeploy does not model ${target.slice(TARGET.length)}.`);
  return { status: 200, body: await operation(parse(body), callerOf(headers.authorization)) };
}

function unknown(message: string): Answer {
  return { status: 400, body: { __type: 'UnknownOperationException', message } };
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body === '' ? '{}' : body) as unknown;
  } catch {
    throw new Refusal('Serialization', 'The request is not JSON.');
  }
}

function callerOf(authorization: string | undefined): Caller {
  const scope = /Credential=([^/,\s]+)\/\d{8}\/([^/]+)\/codedeploy\/aws4_request/.exec(authorization ?? '');
  if (scope === null)
    throw new Refusal('MissingAuthenticationToken', 'The request is not signed for the service codedeploy.');
  return { accessKeyId: scope[1] ?? '', region: scope[2] ?? '' };
}

function refusalOf(error: unknown, names: Switches['errorNames']): Answer {
  const message = error instanceof Error ? error.message : String(error);
  const space = names === 'qualified' ? 'com.amazonaws.codedeploy.v20141006#' : '';
  if (error instanceof Refusal) return { status: 400, body: { __type: `${space}${error.name}`, message } };
  process.stderr.write(`${error instanceof Error ? (error.stack ?? message) : message}\n`);
  return { status: 500, body: { __type: 'InternalFailure', message } };
}
