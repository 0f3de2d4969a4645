import { randomBytes, timingSafeEqual } from 'node:crypto';
import * as fs from 'node:fs';
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import * as path from 'node:path';
import { z } from 'zod';
import { isRunning, mark } from '../processes';
import type { Report } from './report';

const controlSchema = z.object({
  process: z.object({ pid: z.int(), started: z.string() }),
  port: z.int(),
  token: z.string(),
});

/** How the running supervisor is reached. */
export type Control = z.output<typeof controlSchema>;

const MOST_BYTES = 64 * 1024;

function controlFile(folder: string): string {
  return path.join(folder, 'control.json');
}

/** The supervisor that runs in a folder; nothing when none does, whatever the file says. */
export function runningSupervisor(folder: string): Control | undefined {
  try {
    const control = controlSchema.parse(JSON.parse(fs.readFileSync(controlFile(folder), 'utf8')));
    return isRunning(control.process) ? control : undefined;
  } catch {
    return undefined; // no file, or half a one: the supervisor that should have written it is not there
  }
}

/** Answers control calls of this machine's user, who alone can read the token. Resolves when it listens. */
export async function serveControl(
  folder: string,
  calls: Readonly<Record<string, (body: unknown) => unknown>>,
): Promise<void> {
  const token = randomBytes(32).toString('base64url');
  const wanted = Buffer.from(`Bearer ${token}`);
  const server = http.createServer((request, response) => {
    const given = Buffer.from(request.headers.authorization ?? '');
    const call = calls[(request.url ?? '').slice(1)];
    const known = given.length === wanted.length && timingSafeEqual(given, wanted);
    if (!known || call === undefined) {
      response.writeHead(known ? 404 : 403).end();
      return;
    }
    let text = '';
    request.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      if (text.length > MOST_BYTES) request.destroy();
    });
    request.once('end', () => {
      void answer(call, text, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const control: Control = { process: mark(process.pid), port, token };
  const file = controlFile(folder);
  fs.writeFileSync(`${file}.new`, JSON.stringify(control), { mode: 0o600 });
  fs.renameSync(`${file}.new`, file);
}

async function answer(
  call: (body: unknown) => unknown,
  text: string,
  response: http.ServerResponse,
): Promise<void> {
  try {
    const result = (await call(text === '' ? undefined : (JSON.parse(text) as unknown))) ?? {};
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(result));
  } catch (error) {
    response.writeHead(500).end(error instanceof Error ? error.message : String(error));
  }
}

/** Calls the supervisor; throws what it answers when it refuses. */
export async function callSupervisor(control: Control, name: string, body?: unknown): Promise<unknown> {
  const response = await fetch(`http://127.0.0.1:${control.port}/${name}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${control.token}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(180_000),
  });
  if (!response.ok) throw new Error(`The supervisor refused ${name}: ${await response.text()}`);
  return response.json();
}

/** What the supervisor tells. */
export async function reportOf(control: Control): Promise<Report> {
  return (await callSupervisor(control, 'status')) as Report;
}
