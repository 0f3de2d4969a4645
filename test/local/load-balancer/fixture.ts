import * as fs from 'node:fs';
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import { ensureAuthority, type Authority } from '../../../lib/local/authority';
import { LoadBalancer } from '../../../lib/local/load-balancer/load-balancer';
import { Metrics } from '../../../lib/local/load-balancer/metrics';
import type { Action, Listener, TargetGroup, Topology } from '../../../lib/local/load-balancer/model';
import { Weights } from '../../../lib/local/load-balancer/weights';
import { PortBook } from '../../../lib/local/ports';

/** ARN of the load balancer under test. */
export const BALANCER = 'arn:aws:elasticloadbalancing:us-east-1:000000000000:loadbalancer/app/test/0a';

/** ARN of a target group. */
export function groupArn(name: string): string {
  return `arn:aws:elasticloadbalancing:us-east-1:000000000000:targetgroup/${name}/0b`;
}

/** A listener whose default forwards to one group. */
export function listener(port: number, action: Action, protocol: 'HTTP' | 'HTTPS' = 'HTTP'): Listener {
  const arn = `arn:aws:elasticloadbalancing:us-east-1:000000000000:listener/app/test/0a/${port}`;
  return { arn, port, protocol, rules: [{ arn, conditions: [], action }] };
}

/** Forwards to one group. */
export function forward(name: string): Action {
  return { type: 'forward', groups: [{ targetGroupArn: groupArn(name), weight: 1 }] };
}

/** A target group with quick health checks. */
export function group(
  name: string,
  ports: readonly number[],
  changes: Partial<TargetGroup> = {},
): TargetGroup {
  return {
    arn: groupArn(name),
    protocol: 'HTTP',
    loadBalancerArns: [BALANCER],
    deregistrationDelaySeconds: 2,
    algorithm: 'round_robin',
    healthCheck: {
      enabled: true,
      protocol: 'HTTP',
      path: '/health',
      matcher: '200-299',
      intervalSeconds: 0.1,
      timeoutSeconds: 1,
      healthyThreshold: 2,
      unhealthyThreshold: 2,
    },
    targets: ports.map((port) => ({ id: '127.0.0.1', port })),
    ...changes,
  };
}

/** An answer, read whole. */
export interface Answer {
  /** Status. */
  readonly status: number;
  /** Headers. */
  readonly headers: http.IncomingHttpHeaders;
  /** Text. */
  readonly body: string;
}

/** Metrics as they were published. */
export interface Published {
  /** Name and dimensions, joined. */
  readonly name: string;
  /** Sum of the samples. */
  readonly sum: number;
}

/** A load balancer over a topology that tests change, with servers behind it. */
export class Fixture {
  /** What the load balancer follows; change it and call `balancer.follow()`. */
  topology: Topology = { loadBalancers: [], targetGroups: [] };
  /** Next value of the weighted choice. */
  random: () => number = () => 0;
  /** What reached CloudWatch. */
  readonly published: Published[] = [];
  /** Its metrics. */
  readonly metrics: Metrics;
  /** The load balancer under test. */
  readonly balancer: LoadBalancer;
  private readonly servers: http.Server[] = [];

  private constructor(
    private readonly dir: string,
    /** Authority of its certificate. */
    readonly authority: Authority,
    certificate: { readonly certFile: string; readonly keyFile: string },
  ) {
    this.metrics = new Metrics({
      send: (command: { input: { MetricData?: readonly PutDatum[] } }) => {
        for (const { MetricName, Dimensions, StatisticValues, Values = [], Counts = [] } of command.input
          .MetricData ?? [])
          this.published.push({
            name: [MetricName, ...Dimensions.map(({ Value }) => Value)].join(' '),
            sum: StatisticValues?.Sum ?? Values.reduce((sum, value, i) => sum + value * (Counts[i] ?? 0), 0),
          });
        return Promise.resolve({});
      },
    });
    this.balancer = new LoadBalancer({
      read: () => Promise.resolve(this.topology),
      resolve: ({ id, port }) => (id === '127.0.0.1' ? { host: id, port } : undefined),
      ports: new PortBook(path.join(dir, 'ports.json')),
      certificate,
      weights: new Weights(path.join(dir, 'weights.json')),
      metrics: this.metrics,
      random: () => this.random(),
    });
  }

  /** A new one in a folder of its own. */
  static async make(): Promise<Fixture> {
    const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'load-balancer-'));
    const authority = await ensureAuthority(path.join(dir, 'tls'));
    return new Fixture(dir, authority, await authority.certificate('balancer', ['localhost', '127.0.0.1']));
  }

  /** Serves these listeners over these groups. */
  async serve(
    listeners: readonly Listener[],
    targetGroups: readonly TargetGroup[],
    idleTimeoutSeconds = 5,
  ): Promise<void> {
    this.topology = {
      loadBalancers: [
        { arn: BALANCER, dnsName: 'test.elb', idleTimeoutSeconds, forwardedFor: 'append', listeners },
      ],
      targetGroups,
    };
    await this.balancer.follow();
  }

  /** A server behind the load balancer; answers its port. */
  async target(handler: http.RequestListener): Promise<number> {
    const server = http.createServer(handler);
    this.servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  }

  /** A server whose health can be changed and which answers with its name. */
  async named(name: string, state: { healthy: boolean } = { healthy: true }): Promise<number> {
    return this.target((request, response) => {
      if (request.url === '/health') response.writeHead(state.healthy ? 200 : 500).end();
      else response.end(name);
    });
  }

  /** Waits until every target of the group is in this state. */
  async until(name: string, state: string): Promise<void> {
    const end = Date.now() + 5_000;
    const targets = (): readonly { state: string }[] =>
      this.balancer.groups().get(groupArn(name))?.all() ?? [];
    while (targets().length === 0 || targets().some((target) => target.state !== state)) {
      if (Date.now() > end)
        throw new Error(
          `${name} is ${targets()
            .map((t) => t.state)
            .join()}, not ${state}`,
        );
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** The loopback port of a listener. */
  port(listenerPort: number): number {
    const found = this.balancer.listeners().find((served) => served.listenerPort === listenerPort);
    if (found === undefined) throw new Error(`nothing serves ${listenerPort}`);
    return found.port;
  }

  /** Asks through the listener. */
  async ask(listenerPort: number, url = '/', options: http.RequestOptions = {}): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const request = http.request({
        host: '127.0.0.1',
        port: this.port(listenerPort),
        path: url,
        agent: false,
        ...options,
      });
      request.once('error', reject);
      request.once('response', (response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
        response.once('error', reject);
        response.once('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
        );
      });
      request.end();
    });
  }

  /** What was published of a metric, by the start of its name. */
  async sumOf(name: string): Promise<number> {
    await this.metrics.publish(this.balancer.groups().values());
    return this.published
      .filter((metric) => metric.name.startsWith(name))
      .reduce((sum, metric) => sum + metric.sum, 0);
  }

  /** Stops everything. */
  async close(): Promise<void> {
    await this.balancer.close();
    for (const server of this.servers) {
      server.closeAllConnections();
      server.close();
    }
    fs.rmSync(this.dir, { recursive: true, force: true });
  }
}

interface PutDatum {
  readonly MetricName: string;
  readonly Dimensions: readonly { readonly Value: string }[];
  readonly StatisticValues?: { readonly Sum: number };
  readonly Values?: readonly number[];
  readonly Counts?: readonly number[];
}
