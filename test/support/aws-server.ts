import * as http from 'node:http';
import type { AddressInfo } from 'node:net';

/** A call of an AWS service, as it came over the wire. */
export interface AwsCall {
  /** Method and path, such as `POST /2015-03-31/functions/f/invocations`. */
  readonly line: string;
  /** Operation of a JSON service, or `Action` of a query service. */
  readonly operation: string;
  /** Body as it came. */
  readonly body: string;
}

/** What is answered to a call. */
export interface AwsAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
  /** Cuts the connection instead of answering. */
  readonly cut?: boolean;
}

/** An AWS endpoint on this machine that answers as a test tells it to, and remembers what it was asked. */
export class AwsServer {
  readonly calls: AwsCall[] = [];

  private constructor(
    private readonly server: http.Server,
    readonly endpoint: string,
  ) {}

  static async start(answer: (call: AwsCall) => AwsAnswer | Promise<AwsAnswer>): Promise<AwsServer> {
    const server = http.createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = Buffer.concat(chunks).toString();
        const target = request.headers['x-amz-target'];
        const operation =
          (typeof target === 'string' ? target.split('.').at(-1) : undefined) ??
          new URLSearchParams(body).get('Action') ??
          '';
        const call = { line: `${request.method ?? ''} ${request.url ?? ''}`, operation, body };
        self.calls.push(call);
        void Promise.resolve(answer(call)).then(({ status, headers, body: text, cut }) => {
          if (cut) return request.socket.destroy();
          response.writeHead(status ?? 200, headers).end(text);
          return undefined;
        });
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const self = new AwsServer(server, `http://127.0.0.1:${port}`);
    return self;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
