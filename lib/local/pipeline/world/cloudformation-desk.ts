import * as fs from 'node:fs';
import * as http from 'node:http';
import * as https from 'node:https';
import type { AddressInfo } from 'node:net';
import { templateIn, withOriginal, withOriginals } from './change-sets';

interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

const EMPTY = { Resources: {} };

/**
 * Hands builds' calls of CloudFormation on to the emulator, signature and all. Templates that the player has localised
 * are told as they were synthesised, and so are change sets: a step that reads them sees what AWS would show.
 */
export class CloudFormationDesk {
  private readonly server = http.createServer((request, response) => {
    this.serve(request)
      .then(({ status, headers, body }) =>
        response.writeHead(status, { ...headers, 'content-length': String(body.length) }).end(body),
      )
      .catch(() => response.destroy());
  });
  private readonly agent: https.Agent;

  /** @param endpoint - address of the emulator, whose certificate the authority in `caFile` signs */
  constructor(
    private readonly endpoint: string,
    caFile: string,
  ) {
    this.agent = new https.Agent({ ca: fs.readFileSync(caFile), keepAlive: true });
  }

  /** Begins to listen on loopback. @returns its address */
  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Ends. */
  close(): void {
    this.server.close();
    this.server.closeAllConnections();
    this.agent.destroy();
  }

  private async serve(request: http.IncomingMessage): Promise<Answer> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const answer = await this.ask(request, body);
    const asked = new URLSearchParams(body.toString('utf8'));
    if (answer.status !== 200) return answer;
    const text = answer.body.toString('utf8');
    if (asked.get('Action') === 'GetTemplate') return { ...answer, body: Buffer.from(withOriginal(text)) };
    if (asked.get('Action') !== 'DescribeChangeSet') return answer;
    const before = await this.template(request, asked, false);
    const after = await this.template(request, asked, true);
    return { ...answer, body: Buffer.from(withOriginals(text, before, after)) };
  }

  /** A side of a change set, asked for with the caller's own right to read it. */
  private async template(request: http.IncomingMessage, asked: URLSearchParams, changed: boolean) {
    const form = new URLSearchParams({
      Action: 'GetTemplate',
      Version: '2010-05-15',
      TemplateStage: 'Original',
    });
    for (const name of changed ? ['StackName', 'ChangeSetName'] : ['StackName'])
      form.set(name, asked.get(name) ?? '');
    const { status, body } = await this.ask(request, Buffer.from(form.toString()));
    return (status === 200 ? templateIn(body.toString('utf8')) : undefined) ?? EMPTY;
  }

  private ask(request: http.IncomingMessage, body: Buffer): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const headers = { ...request.headers, 'content-length': String(body.length) };
      const { method } = request;
      https
        .request(
          new URL(request.url ?? '/', this.endpoint),
          { method, headers, agent: this.agent },
          (incoming) => {
            const chunks: Buffer[] = [];
            incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
            incoming.once('error', reject);
            incoming.once('end', () =>
              resolve({
                status: incoming.statusCode ?? 502,
                headers: incoming.headers,
                body: Buffer.concat(chunks),
              }),
            );
          },
        )
        .once('error', reject)
        .end(body);
    });
  }
}
