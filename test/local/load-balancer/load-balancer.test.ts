import * as fs from 'node:fs';
import * as http from 'node:http';
import * as https from 'node:https';
import type * as net from 'node:net';
import { anyFreePort } from '../../../lib/local/ports';
import { BALANCER, Fixture, forward, group, groupArn, listener } from './fixture';

let fixture: Fixture;
beforeEach(async () => (fixture = await Fixture.make()));
afterEach(() => fixture.close());

const sleep = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('routing', () => {
  test('forwards to healthy targets in turn', async () => {
    const ports = [await fixture.named('a'), await fixture.named('b')];
    await fixture.serve([listener(80, forward('blue'))], [group('blue', ports)]);
    await fixture.until('blue', 'healthy');
    const answers = [];
    for (let i = 0; i < 4; i += 1) answers.push((await fixture.ask(80)).body);
    expect(answers.sort()).toEqual(['a', 'a', 'b', 'b']);
  });

  test('redirects to the loopback port of the HTTPS listener, path and query kept', async () => {
    const redirect = {
      type: 'redirect',
      protocol: 'HTTPS',
      host: '#{host}',
      port: '443',
      path: '/#{path}',
      query: '#{query}',
      status: 301,
    } as const;
    await fixture.serve(
      [listener(80, redirect), listener(443, forward('blue'), 'HTTPS')],
      [group('blue', [])],
    );
    const answer = await fixture.ask(80, '/v1/me?x=1', { headers: { host: 'localhost:1234' } });
    expect(answer.status).toBe(301);
    expect(answer.headers.location).toBe(`https://localhost:${fixture.port(443)}/v1/me?x=1`);
  });

  test('serves TLS 1.2 and later with the given certificate', async () => {
    await fixture.serve(
      [listener(443, forward('blue'), 'HTTPS')],
      [group('blue', [await fixture.named('tls')])],
    );
    await fixture.until('blue', 'healthy');
    const ask = (options: https.RequestOptions): Promise<number> =>
      new Promise((resolve, reject) => {
        https
          .get({ host: 'localhost', port: fixture.port(443), agent: false, ...options }, (response) => {
            response.resume();
            resolve(response.statusCode ?? 0);
          })
          .once('error', reject);
      });
    await expect(ask({ ca: fs.readFileSync(fixture.authority.caFile) })).resolves.toBe(200);
    await expect(ask({})).rejects.toThrow(/certificate/);
    await expect(
      ask({ ca: fs.readFileSync(fixture.authority.caFile), maxVersion: 'TLSv1.1', minVersion: 'TLSv1' }),
    ).rejects.toThrow();
  });

  test('answers by the first rule whose conditions hold', async () => {
    const base = listener(80, forward('blue'));
    const fixed = { type: 'fixed-response', status: 403, contentType: 'text/plain', body: 'no' } as const;
    const rule = {
      arn: 'rule',
      action: fixed,
      conditions: [
        { field: 'path-pattern', values: ['/admin/*'] },
        { field: 'http-request-method', values: ['GET'] },
      ],
    };
    await fixture.serve(
      [{ ...base, rules: [rule, ...base.rules] }],
      [group('blue', [await fixture.named('app')])],
    );
    await fixture.until('blue', 'healthy');
    expect(await fixture.ask(80, '/admin/users')).toMatchObject({ status: 403, body: 'no' });
    expect(await fixture.ask(80, '/admin/users', { method: 'POST' })).toMatchObject({ body: 'app' });
    expect(await fixture.ask(80, '/public')).toMatchObject({ body: 'app' });
  });

  test('weights shift traffic until the emulator says something new', async () => {
    const ports = { blue: await fixture.named('blue'), green: await fixture.named('green') };
    const groups = [group('blue', [ports.blue]), group('green', [ports.green])];
    const served = listener(80, forward('blue'));
    await fixture.serve([served], groups);
    await fixture.until('blue', 'healthy');
    await fixture.until('green', 'healthy');
    fixture.balancer.setWeights(served.arn, [
      { targetGroupArn: groupArn('blue'), weight: 90 },
      { targetGroupArn: groupArn('green'), weight: 10 },
    ]);
    const at = async (random: number): Promise<string> => {
      fixture.random = () => random;
      return (await fixture.ask(80)).body;
    };
    expect(await at(0.89)).toBe('blue');
    expect(await at(0.9)).toBe('green');
    await fixture.serve([served], groups);
    expect(await at(0.9)).toBe('green');
    await fixture.serve([listener(80, forward('green'))], groups);
    expect(await at(0)).toBe('green');
    expect(() => fixture.balancer.setWeights('arn:none', [])).toThrow('No listener or rule');
  });

  test('keeps the port of a listener from one start to the next', async () => {
    await fixture.serve([listener(80, forward('blue'))], [group('blue', [])]);
    const before = fixture.port(80);
    await fixture.serve([], []);
    expect(fixture.balancer.listeners()).toEqual([]);
    await fixture.serve([listener(80, forward('blue'))], [group('blue', [])]);
    expect(fixture.port(80)).toBe(before);
  });
});

describe('headers', () => {
  test('says who asked and how, and passes nothing on that concerns one connection only', async () => {
    let seen: http.IncomingHttpHeaders = {};
    const port = await fixture.target((request, response) => {
      if (request.url !== '/health') seen = request.headers;
      response.writeHead(200, { connection: 'x-private', 'x-private': '1', 'x-kept': '2' }).end();
    });
    await fixture.serve([listener(80, forward('blue'))], [group('blue', [port])]);
    await fixture.until('blue', 'healthy');
    const answer = await fixture.ask(80, '/', {
      headers: {
        host: 'api.example',
        'x-forwarded-for': '203.0.113.9',
        connection: 'x-secret',
        'x-secret': '1',
        te: 'trailers',
      },
    });
    expect(seen).toMatchObject({
      host: 'api.example',
      'x-forwarded-for': '203.0.113.9, 127.0.0.1',
      'x-forwarded-proto': 'http',
      'x-forwarded-port': '80',
    });
    expect(seen['x-amzn-trace-id']).toMatch(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/);
    expect(seen).not.toHaveProperty('x-secret');
    expect(seen).not.toHaveProperty('te');
    expect(answer.headers).not.toHaveProperty('x-private');
    expect(answer.headers).toHaveProperty('x-kept', '2');
  });

  test('carries a WebSocket both ways', async () => {
    const port = await fixture.target((_request, response) => response.end());
    const server = (fixture as unknown as { servers: http.Server[] }).servers.at(-1);
    server?.on('upgrade', (_request, socket: net.Socket) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nupgrade: echo\r\nconnection: Upgrade\r\n\r\n');
      socket.pipe(socket);
    });
    await fixture.serve([listener(80, forward('blue'))], [group('blue', [port])]);
    await fixture.until('blue', 'healthy');
    const said = await new Promise<string>((resolve, reject) => {
      const request = http.request({
        host: '127.0.0.1',
        port: fixture.port(80),
        headers: { connection: 'Upgrade', upgrade: 'echo' },
      });
      request.once('error', reject);
      request.once('upgrade', (_response, socket) => {
        socket.write('hello');
        socket.once('data', (data: Buffer) => {
          socket.destroy();
          resolve(data.toString());
        });
      });
      request.end();
    });
    expect(said).toBe('hello');
  });
});

describe('health', () => {
  test('a failing target is left out after its threshold and taken back after the other', async () => {
    const state = { healthy: true };
    const sick = await fixture.named('sick', state);
    const well = await fixture.named('well');
    await fixture.serve([listener(80, forward('blue'))], [group('blue', [sick, well])]);
    await fixture.until('blue', 'healthy');
    state.healthy = false;
    const target = fixture.balancer.groups().get(groupArn('blue'))?.find({ id: '127.0.0.1', port: sick });
    while (target?.state === 'healthy') await sleep(20);
    expect(target).toMatchObject({
      state: 'unhealthy',
      reason: expect.stringContaining('code 500') as string,
    });
    for (let i = 0; i < 4; i += 1) expect((await fixture.ask(80)).body).toBe('well');
    state.healthy = true;
    await fixture.until('blue', 'healthy');
    expect(await fixture.sumOf(`HealthyHostCount targetgroup/blue/0b app/test/0a`)).toBe(2);
  });

  test('when none is healthy all are asked', async () => {
    const port = await fixture.named('last', { healthy: false });
    await fixture.serve([listener(80, forward('blue'))], [group('blue', [port])]);
    await fixture.until('blue', 'unhealthy');
    expect(await fixture.ask(80)).toMatchObject({ status: 200, body: 'last' });
  });
});

describe('failures', () => {
  test('503 without a registered target', async () => {
    await fixture.serve([listener(80, forward('blue'))], [group('blue', [])]);
    expect((await fixture.ask(80)).status).toBe(503);
    expect(await fixture.sumOf('HTTPCode_ELB_503_Count')).toBe(1);
  });

  test('502 when the target refuses, and when it hangs up', async () => {
    const unused = await anyFreePort();
    const rude = await fixture.target((request) => request.socket.destroy());
    const unchecked = { ...group('blue', []).healthCheck, enabled: false };
    await fixture.serve(
      [listener(80, forward('blue'))],
      [group('blue', [unused, rude], { healthCheck: unchecked })],
    );
    await fixture.until('blue', 'healthy');
    expect([(await fixture.ask(80)).status, (await fixture.ask(80)).status]).toEqual([502, 502]);
    expect(await fixture.sumOf('HTTPCode_ELB_5XX_Count')).toBe(2);
    expect(await fixture.sumOf('TargetConnectionErrorCount app/')).toBe(1);
  });

  test('504 when the target is silent for the idle timeout', async () => {
    const silent = await fixture.target((request, response) => {
      if (request.url === '/health') response.end();
    });
    await fixture.serve([listener(80, forward('blue'))], [group('blue', [silent])], 0.3);
    await fixture.until('blue', 'healthy');
    expect((await fixture.ask(80)).status).toBe(504);
  });

  test('a request on a connection that the target has just closed is sent again', async () => {
    let asked = 0;
    const port = await fixture.target((request, response) => {
      if (request.url === '/health') response.end();
      else {
        asked += 1;
        if (asked === 2) request.socket.destroy();
        else response.end(String(asked));
      }
    });
    await fixture.serve([listener(80, forward('blue'))], [group('blue', [port])]);
    await fixture.until('blue', 'healthy');
    expect((await fixture.ask(80)).body).toBe('1');
    expect((await fixture.ask(80)).body).toBe('3');
  });
});

describe('draining', () => {
  async function slow(milliseconds: number): Promise<number> {
    return fixture.target((request, response) => {
      if (request.url === '/health') response.end();
      else setTimeout(() => response.end('slow'), milliseconds).unref();
    });
  }

  test('a target that is taken out finishes what it has and gets nothing new', async () => {
    const [old, fresh] = [await slow(400), await fixture.named('new')];
    await fixture.serve([listener(80, forward('blue'))], [group('blue', [old])]);
    await fixture.until('blue', 'healthy');
    const pending = fixture.ask(80);
    await sleep(100);
    await fixture.serve([listener(80, forward('blue'))], [group('blue', [fresh])]);
    const gone = fixture.balancer.drained(groupArn('blue'), { id: '127.0.0.1', port: old });
    const leaving = fixture.balancer
      .groups()
      .get(groupArn('blue'))
      ?.all()
      .find((t) => t.address.port === old);
    expect(leaving?.state).toBe('draining');
    expect(await pending).toMatchObject({ status: 200, body: 'slow' });
    await gone;
    await fixture.until('blue', 'healthy');
    expect((await fixture.ask(80)).body).toBe('new');
  });

  test('what is not finished within the deregistration delay is cut', async () => {
    const old = await slow(60_000);
    await fixture.serve(
      [listener(80, forward('blue'))],
      [group('blue', [old], { deregistrationDelaySeconds: 0.2 })],
    );
    await fixture.until('blue', 'healthy');
    const pending = fixture.ask(80);
    await sleep(50);
    await fixture.serve(
      [listener(80, forward('blue'))],
      [group('blue', [], { deregistrationDelaySeconds: 0.2 })],
    );
    await fixture.balancer.drained(groupArn('blue'), { id: '127.0.0.1', port: old });
    expect((await pending).status).toBe(502);
  });
});

describe('metrics', () => {
  test('counts requests and answers for the load balancer and for the pair', async () => {
    const port = await fixture.target((request, response) => {
      response.writeHead(request.url === '/missing' ? 404 : 200).end();
    });
    await fixture.serve([listener(80, forward('blue'))], [group('blue', [port])]);
    await fixture.until('blue', 'healthy');
    await fixture.ask(80);
    await fixture.ask(80, '/missing');
    expect(await fixture.sumOf('RequestCount app/test/0a')).toBe(2);
    expect(await fixture.sumOf('RequestCount targetgroup/blue/0b app/test/0a')).toBe(2);
    expect(await fixture.sumOf('HTTPCode_Target_2XX_Count app/')).toBe(1);
    expect(await fixture.sumOf('HTTPCode_Target_4XX_Count targetgroup/')).toBe(1);
    expect(await fixture.sumOf('TargetResponseTime app/')).toBeGreaterThan(0);
    expect(BALANCER).toContain('app/test/0a');
  });
});
