import * as fs from 'node:fs';
import * as http from 'node:http';
import * as https from 'node:https';
import type { TaskSet as ApiTaskSet } from '@aws-sdk/client-ecs';
import { callSupervisor, runningSupervisor } from '../../supervisor';
import type { ServiceStatus } from '../../tasks/service-runner';
import { taskSetOf } from '../aws/task-sets';
import type { Settings } from '../settings';

const DESCRIBE = 'AmazonEC2ContainerServiceV20141113.DescribeServices';

interface DescribedService {
  serviceName?: string;
  serviceArn?: string;
  clusterArn?: string;
  deploymentController?: { type?: string };
  deployments?: unknown;
  taskSets?: ApiTaskSet[];
}

/**
 * Hands ECS's calls on to the emulator, signature and all, and adds to DescribeServices what the emulator lacks: the
 * task sets of services that CodeDeploy owns.
 */
export async function serveEcs(settings: Settings): Promise<http.Server> {
  const [first] = settings.places;
  if (first === undefined) throw new Error('There is no account.');
  const agent = new https.Agent({ ca: fs.readFileSync(first.cloud.caFile), keepAlive: true });
  const supervisors = new Map(settings.places.map(({ cloud, supervisor }) => [cloud.account, supervisor]));
  const server = http.createServer((request, response) => {
    const outgoing = https.request(
      new URL(request.url ?? '/', first.cloud.endpoint),
      { method: request.method, headers: request.headers, agent },
      (incoming) => {
        if (request.headers['x-amz-target'] !== DESCRIBE || incoming.statusCode !== 200) {
          response.writeHead(incoming.statusCode ?? 502, incoming.headers);
          incoming.pipe(response);
          return;
        }
        void complete(incoming, supervisors)
          .then((body) => {
            const headers = { ...incoming.headers, 'content-length': String(Buffer.byteLength(body)) };
            response.writeHead(200, headers).end(body);
          })
          .catch(() => response.destroy());
      },
    );
    outgoing.once('error', () => response.destroy());
    request.pipe(outgoing);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port: settings.ecsPort, host: '127.0.0.1' }, resolve);
  });
  return server;
}

async function complete(
  incoming: http.IncomingMessage,
  supervisors: ReadonlyMap<string, string>,
): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk);
  const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { services?: DescribedService[] };
  for (const service of body.services ?? []) {
    if (service.deploymentController?.type !== 'CODE_DEPLOY') continue;
    const folder = supervisors.get(service.serviceArn?.split(':')[4] ?? '');
    const control = folder === undefined ? undefined : runningSupervisor(folder);
    if (control === undefined) continue;
    const { clusterArn: cluster = '', serviceName = '' } = service;
    const asked = { cluster, service: serviceName };
    const told = (await callSupervisor(control, 'task-sets', asked)) as readonly ServiceStatus[];
    service.taskSets = told.flatMap((status) => describe(status, service) ?? []);
    service.deployments = [];
  }
  return JSON.stringify(body);
}

function describe(status: ServiceStatus, service: DescribedService): object | undefined {
  const set = taskSetOf(status);
  if (set === undefined || status.taskSet === undefined) return undefined;
  const { externalId, targetGroupArn, containerPort, createdAt } = status.taskSet;
  return {
    id: set.id,
    taskSetArn: `${service.serviceArn?.replace(':service/', ':task-set/') ?? ''}/${set.id}`,
    serviceArn: service.serviceArn,
    clusterArn: service.clusterArn,
    status: set.status,
    taskDefinition: set.taskDefinition,
    computedDesiredCount: set.desired,
    pendingCount: set.pending,
    runningCount: set.running,
    stabilityStatus: set.steady ? 'STEADY_STATE' : 'STABILIZING',
    ...(externalId === undefined ? {} : { externalId, startedBy: 'CODE_DEPLOY' }),
    loadBalancers: [{ targetGroupArn, containerPort }],
    launchType: 'FARGATE',
    scale: { value: 100, unit: 'PERCENT' },
    createdAt: createdAt / 1000,
  };
}
