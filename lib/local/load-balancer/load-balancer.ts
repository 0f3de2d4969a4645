import * as fs from 'node:fs';
import * as http from 'node:http';
import * as https from 'node:https';
import type { Duplex } from 'node:stream';
import type { CertificateFiles } from '../authority';
import type { PortBook } from '../ports';
import { ruleFor } from './conditions';
import { answer } from './errors';
import type { Metrics } from './metrics';
import type {
  Action,
  Listener,
  LoadBalancer as Balancer,
  Rule,
  TargetAddress,
  TargetGroup,
  Topology,
  WeightedGroup,
} from './model';
import { claimListener } from './listener-port';
import { forwardRequest, forwardUpgrade, type Outcome } from './proxy';
import { locationOf } from './redirect';
import type { Resolve, Target } from './target';
import { TargetPool } from './target-pool';
import { chooseGroup, type Weights } from './weights';

/** What the load balancer is made from. */
export interface LoadBalancerProps {
  /** Reads what is to be followed. */
  readonly read: () => Promise<Topology>;
  /** Where a target's address in the VPC is on this machine. */
  readonly resolve: Resolve;
  /** Keeps the loopback port that stands for each listener. */
  readonly ports: PortBook;
  /** Certificate of the HTTPS listeners. */
  readonly certificate: CertificateFiles;
  /** Weights that the emulator cannot store. */
  readonly weights: Weights;
  /** Where requests are counted. */
  readonly metrics: Metrics;
  /** A number in [0, 1) for weighted choices. */
  readonly random: () => number;
}

/** A forward of a listener or rule. */
export interface Forwarding {
  /** ARN of the rule, or of the listener for its default. */
  readonly arn: string;
  /** Groups with their weights. */
  readonly groups: readonly WeightedGroup[];
}

/** A listener as it is served here. */
export interface ServedListener {
  /** ARN. */
  readonly arn: string;
  /** Port in the cloud. */
  readonly listenerPort: number;
  /** Port on 127.0.0.1 that stands for it. */
  readonly port: number;
  /** Address to type. */
  readonly url: string;
}

interface Served {
  server: http.Server;
  port: number;
  protocol: Listener['protocol'];
  listener: Listener;
  balancer: Balancer;
}

/** Serves every listener of the emulator's load balancers on loopback ports and follows their changes. */
export class LoadBalancer {
  private readonly served = new Map<string, Served>();
  private readonly pools = new Map<string, TargetPool>();
  private following: Promise<void> = Promise.resolve();

  constructor(private readonly props: LoadBalancerProps) {}

  /** Takes over the present state; calls one after the other, never side by side. */
  follow(): Promise<void> {
    const next = this.following.then(async () => this.take(await this.props.read()));
    this.following = next.catch(() => undefined);
    return next;
  }

  /** The listeners served. */
  listeners(): readonly ServedListener[] {
    return [...this.served.values()].map(({ listener, port, protocol }) => ({
      arn: listener.arn,
      listenerPort: listener.port,
      port,
      url: `${protocol.toLowerCase()}://localhost:${port}`,
    }));
  }

  /** The targets of every group, with their health. */
  groups(): ReadonlyMap<string, TargetPool> {
    return this.pools;
  }

  /** Puts weights on the forward of a listener or rule; throws when there is none with this ARN. */
  setWeights(arn: string, groups: readonly WeightedGroup[]): void {
    const rules = [...this.served.values()].flatMap(({ listener }) => listener.rules);
    const rule = rules.find((candidate) => candidate.arn === arn);
    if (rule === undefined) throw new Error(`No listener or rule ${arn} is served here.`);
    this.props.weights.set(arn, groups, rule.action);
  }

  /** The forwards of a listener, its rules' and its default's, with the weights that they have here. */
  forwards(listenerArn: string): readonly Forwarding[] {
    const rules = this.served.get(listenerArn)?.listener.rules;
    if (rules === undefined) throw new Error(`No listener ${listenerArn} is served here.`);
    return rules.flatMap(({ arn, action: told }) => {
      const action = this.props.weights.apply(arn, told);
      return action.type === 'forward' ? [{ arn, groups: action.groups }] : [];
    });
  }

  /** Waits until a target that was deregistered has finished its requests or run out of time. */
  async drained(targetGroupArn: string, address: TargetAddress): Promise<void> {
    await this.pools.get(targetGroupArn)?.drained(address);
  }

  /** Stops serving. */
  async close(): Promise<void> {
    await this.following;
    for (const pool of this.pools.values()) pool.close();
    await Promise.all([...this.served.values()].map(({ server }) => stop(server)));
    this.served.clear();
  }

  private async take(topology: Topology): Promise<void> {
    const groups = new Set(topology.targetGroups.map(({ arn }) => arn));
    for (const [arn, pool] of this.pools)
      if (!groups.has(arn)) {
        pool.close();
        this.pools.delete(arn);
      }
    for (const told of topology.targetGroups) {
      const group = { ...told, loadBalancerArns: this.forwarding(topology, told) };
      const pool = this.pools.get(group.arn);
      if (pool === undefined) this.pools.set(group.arn, new TargetPool(group, this.props.resolve));
      else pool.follow(group);
    }
    const live = new Set<string>();
    for (const [index, balancer] of topology.loadBalancers.entries())
      for (const listener of balancer.listeners) {
        live.add(listener.arn);
        await this.serve(balancer, listener, index);
      }
    for (const [arn, { server }] of this.served)
      if (!live.has(arn)) {
        this.served.delete(arn);
        await stop(server);
      }
  }

  /** The load balancers that forward to a group, be it with the weight 0. */
  private forwarding({ loadBalancers }: Topology, group: TargetGroup): string[] {
    const leads = ({ arn, action: told }: Rule): boolean => {
      const action = this.props.weights.apply(arn, told);
      return action.type === 'forward' && action.groups.some((one) => one.targetGroupArn === group.arn);
    };
    const found = loadBalancers.filter(({ listeners }) => listeners.some(({ rules }) => rules.some(leads)));
    return [...new Set([...group.loadBalancerArns, ...found.map(({ arn }) => arn)])];
  }

  private async serve(balancer: Balancer, listener: Listener, index: number): Promise<void> {
    const present = this.served.get(listener.arn);
    if (present?.protocol === listener.protocol && present.listener.port === listener.port) {
      present.listener = listener;
      present.balancer = balancer;
      return;
    }
    if (present !== undefined) await stop(present.server);
    const port = await claimListener(this.props.ports, listener.port, undefined, index);
    const server =
      listener.protocol === 'HTTPS'
        ? https.createServer({
            cert: fs.readFileSync(this.props.certificate.certFile),
            key: fs.readFileSync(this.props.certificate.keyFile),
            minVersion: 'TLSv1.2',
          })
        : http.createServer();
    const entry: Served = { server, port, protocol: listener.protocol, listener, balancer };
    server.keepAliveTimeout = balancer.idleTimeoutSeconds * 1000;
    server.on('request', (request, response) => void this.handle(entry, request, response));
    server.on('upgrade', (request, socket, head) => this.upgrade(entry, request, socket, head));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen({ port, host: '127.0.0.1' }, resolve);
    });
    this.served.set(listener.arn, entry);
  }

  /** The rule's action, weights applied; and, where it forwards, the group and target chosen. */
  private route(
    entry: Served,
    request: http.IncomingMessage,
  ): { action: Action; group?: string; target?: Target } {
    const url = new URL(request.url ?? '/', 'http://target');
    const rule = ruleFor(entry.listener, {
      method: request.method ?? 'GET',
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      sourceIp: (request.socket.remoteAddress ?? '').replace(/^::ffff:/, ''),
    });
    if (rule === undefined) return { action: { type: 'forward', groups: [] } };
    const action = this.props.weights.apply(rule.arn, rule.action);
    if (action.type !== 'forward') return { action };
    const group = chooseGroup(action.groups, this.props.random);
    const target = group === undefined ? undefined : this.pools.get(group)?.pick();
    return { action, ...(group === undefined ? {} : { group }), ...(target === undefined ? {} : { target }) };
  }

  private async handle(
    entry: Served,
    request: http.IncomingMessage,
    response: http.ServerResponse,
  ): Promise<void> {
    const { balancer, listener } = entry;
    if (!URL.canParse(request.url ?? '', 'http://target')) {
      this.answered(balancer, response, 400);
      return;
    }
    const { action, group, target } = this.route(entry, request);
    if (action.type === 'redirect') {
      const url = new URL(request.url ?? '/', 'http://target');
      const host = (request.headers.host ?? 'localhost').replace(/:\d+$/, '');
      const from = { listener, host, path: url.pathname.slice(1), query: url.search.slice(1) };
      const location = locationOf(action, from, (port) => this.loopbackPort(balancer, port));
      this.props.metrics.record('HTTP_Redirect_Count', 1, balancer.arn);
      response.writeHead(action.status, { server: 'awselb/2.0', location, 'content-length': 0 }).end();
    } else if (action.type === 'fixed-response') {
      this.props.metrics.record('HTTP_Fixed_Response_Count', 1, balancer.arn);
      response
        .writeHead(action.status, { server: 'awselb/2.0', 'content-type': action.contentType })
        .end(action.body);
    } else if (target === undefined) this.answered(balancer, response, 503, group);
    else
      this.count(
        balancer.arn,
        group,
        await forwardRequest({ request, listener, balancer, target }, response),
      );
  }

  private upgrade(entry: Served, request: http.IncomingMessage, socket: Duplex, head: Buffer): void {
    const { balancer, listener } = entry;
    const target = URL.canParse(request.url ?? '', 'http://target')
      ? this.route(entry, request).target
      : undefined;
    if (target === undefined)
      socket.end('HTTP/1.1 503 Service Unavailable\r\nserver: awselb/2.0\r\ncontent-length: 0\r\n\r\n');
    else forwardUpgrade({ request, listener, balancer, target }, socket, head);
  }

  private loopbackPort(balancer: Balancer, listenerPort: number): number | undefined {
    const found = [...this.served.values()].find(
      (entry) => entry.balancer.arn === balancer.arn && entry.listener.port === listenerPort,
    );
    return found?.port;
  }

  private answered(balancer: Balancer, response: http.ServerResponse, status: number, group?: string): void {
    answer(response, status);
    this.count(balancer.arn, group, { ownStatus: status, seconds: 0 });
  }

  private count(arn: string, group: string | undefined, outcome: Outcome): void {
    const { metrics } = this.props;
    const { targetStatus, ownStatus } = outcome;
    metrics.record('RequestCount', 1, arn, group);
    if (targetStatus !== undefined) {
      metrics.record(`HTTPCode_Target_${Math.floor(targetStatus / 100)}XX_Count`, 1, arn, group);
      metrics.record('TargetResponseTime', outcome.seconds, arn, group);
    }
    if (ownStatus !== undefined) {
      metrics.record(`HTTPCode_ELB_${Math.floor(ownStatus / 100)}XX_Count`, 1, arn);
      if (ownStatus >= 500) metrics.record(`HTTPCode_ELB_${ownStatus}_Count`, 1, arn);
    }
    if (outcome.notConnected === true) metrics.record('TargetConnectionErrorCount', 1, arn, group);
  }
}

async function stop(server: http.Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}
