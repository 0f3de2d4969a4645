import * as fs from 'node:fs';
import * as https from 'node:https';
import * as net from 'node:net';
import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { clientOptions } from '../cloud';
import { LoadBalancer } from '../load-balancer/load-balancer';
import { Metrics } from '../load-balancer/metrics';
import { readTopology } from '../load-balancer/topology';
import { Weights } from '../load-balancer/weights';
import { PortBook } from '../ports';
import { TaskRunner } from '../tasks/task-runner';
import { taskSetCalls, trafficCalls } from './calls';
import { serveControl } from './control';
import type { Reach, Report } from './report';
import { type Settings, settingsSchema } from './settings';

const FOLLOW_MILLISECONDS = 2_000;
/** ELB publishes every minute; alarms of a rehearsal need not wait that long. */
const PUBLISH_MILLISECONDS = 10_000;

/** Hosts the load balancer and the tasks until it is told to stop. */
async function main(settings: Settings): Promise<void> {
  const options = clientOptions(settings.cloud);
  const elb = new ElasticLoadBalancingV2Client(options);
  const tasks = new TaskRunner({
    cloud: settings.cloud,
    dir: settings.tasks,
    builtApp: settings.builtApp,
    registry: settings.registry,
  });
  const metrics = new Metrics(new CloudWatchClient(options));
  const balancer = new LoadBalancer({
    read: () => readTopology(elb),
    resolve: (target) => tasks.addresses.resolve(target),
    ports: new PortBook(settings.portsFile),
    certificate: settings.certificate,
    weights: new Weights(path.join(settings.supervisor, 'weights.json')),
    metrics,
    random: Math.random,
  });
  await tasks.open({
    refresh: () => balancer.follow(),
    stateOf: (group, address) => balancer.groups().get(group)?.find(address)?.state,
    drained: (group, address) => balancer.drained(group, address),
  });

  const halt = new AbortController();
  let trouble: string | undefined;
  const stop = async (): Promise<void> => {
    if (halt.signal.aborted) return;
    halt.abort();
    await tasks.close();
    await balancer.close();
  };
  const leave = (): void => void stop().finally(() => process.exit(0));
  process.once('SIGTERM', leave);
  process.once('SIGINT', leave);

  await serveControl(settings.supervisor, {
    status: async (): Promise<Report> => ({
      emulator: await emulatorReach(settings),
      database: await databaseReach(settings.databasePort),
      listeners: balancer.listeners(),
      groups: [...balancer.groups().values()].map((pool) => ({
        arn: pool.current.arn,
        targets: pool.all().map(({ address, state, reason }) => ({ ...address, state, reason })),
      })),
      services: tasks.status(),
      ...(trouble === undefined ? {} : { trouble }),
    }),
    follow: async () => {
      await balancer.follow();
      await tasks.follow();
    },
    ...trafficCalls(balancer),
    ...taskSetCalls(tasks),
    publish: () => metrics.publish(balancer.groups().values()),
    stop: () => {
      setImmediate(leave);
    },
  });

  let published = Date.now();
  while (!halt.signal.aborted) {
    try {
      await balancer.follow();
      await tasks.follow();
      if (Date.now() - published >= PUBLISH_MILLISECONDS) {
        published = Date.now();
        await metrics.publish(balancer.groups().values());
      }
      trouble = undefined;
    } catch (error) {
      const said = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      if (said !== trouble) process.stderr.write(`${new Date().toISOString()} ${said}\n`);
      trouble = said;
    }
    await sleep(FOLLOW_MILLISECONDS);
  }
}

function emulatorReach({ cloud }: Settings): Promise<Reach> {
  const url = `${cloud.endpoint}/_ministack/health`;
  return new Promise((resolve) => {
    const request = https.get(url, { ca: fs.readFileSync(cloud.caFile), timeout: 2_000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200 ? 'answers' : 'does not answer');
    });
    request.once('timeout', () => request.destroy());
    request.once('error', () => resolve('does not answer'));
  });
}

function databaseReach(port: number): Promise<Reach> {
  return new Promise((resolve) => {
    const socket = net.connect({ host: '127.0.0.1', port, timeout: 2_000 });
    const end = (reach: Reach): void => {
      socket.destroy();
      resolve(reach);
    };
    socket.once('connect', () => end('answers'));
    socket.once('timeout', () => end('does not answer'));
    socket.once('error', () => end('does not answer'));
  });
}

const file = process.argv[2] ?? '';
main(settingsSchema.parse(JSON.parse(fs.readFileSync(file, 'utf8')))).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(1);
});
