import { spawn, type ChildProcess } from 'node:child_process';
import * as http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** An answer of the API. */
export interface Answer {
  readonly status: number | undefined;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Record<string, unknown>;
  readonly milliseconds: number;
}

/** The built API as a process of its own, as a task runs it. */
export class ApiProcess {
  private output = '';

  private constructor(
    private readonly child: ChildProcess,
    /** Port that it listens on. */
    readonly port: number,
  ) {
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => (this.output += text));
  }

  static async start(main: string, port: number, environment: Record<string, string>): Promise<ApiProcess> {
    const child = spawn(process.execPath, [main], {
      env: { HOST: '127.0.0.1', PORT: String(port), ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const api = new ApiProcess(child, port);
    await api.until(() => api.logs.includes('Server listening') || child.exitCode !== null);
    if (child.exitCode !== null) throw new Error(api.logs);
    return api;
  }

  /** Everything that it printed. */
  get logs(): string {
    return this.output;
  }

  get(
    path: string,
    headers: http.OutgoingHttpHeaders = {},
    agent: http.Agent | false = false,
  ): Promise<Answer> {
    return this.send({ method: 'GET', path, headers, agent });
  }

  post(path: string, headers: http.OutgoingHttpHeaders, body: object): Promise<Answer> {
    const json = { ...headers, 'content-type': 'application/json' };
    return this.send({ method: 'POST', path, headers: json, agent: false }, JSON.stringify(body));
  }

  private send(options: http.RequestOptions, sent?: string): Promise<Answer> {
    const start = performance.now();
    return new Promise((resolve, reject) => {
      http
        .request({ host: '127.0.0.1', port: this.port, ...options }, (response) => {
          let body = '';
          response.setEncoding('utf8').on('data', (text: string) => (body += text));
          response.on('end', () =>
            resolve({
              status: response.statusCode,
              headers: response.headers,
              body: JSON.parse(body) as Record<string, unknown>,
              milliseconds: performance.now() - start,
            }),
          );
        })
        .on('error', reject)
        .end(sent);
    });
  }

  /** Waits until the API is ready, or is not any more. */
  async becomes(status: 200 | 503): Promise<Answer> {
    let answer = await this.get('/health/ready');
    for (let turn = 0; answer.status !== status && turn < 100; turn += 1) {
      await sleep(50);
      answer = await this.get('/health/ready');
    }
    return answer;
  }

  async until(condition: () => boolean): Promise<void> {
    for (let turn = 0; !condition(); turn += 1) {
      if (turn > 400) throw new Error(`It did not come about. The API said:\n${this.logs}`);
      await sleep(25);
    }
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Its exit code, once it has ended. */
  async ended(): Promise<number | null> {
    await this.until(() => this.child.exitCode !== null || this.child.signalCode !== null);
    return this.child.exitCode;
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended();
  }
}
