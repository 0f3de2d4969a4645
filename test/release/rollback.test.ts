import { unmarshall } from '@aws-sdk/util-dynamodb';
import { releaseRecord } from '../../lib/release/records/model';
import { release } from '../../lib/release/release';
import { EXIT } from '../../lib/release/result';
import { rollback, type RollbackOptions } from '../../lib/release/rollback';
import { DIGESTS, FakeAws, revision, toolsOf } from './support/fake-aws';

let aws: FakeAws;
let lines: string[];
let asked: string[];
let reasons: string[];

beforeEach(async () => {
  aws = new FakeAws();
  await aws.start();
  lines = [];
  asked = [];
  reasons = [];
});
afterEach(() => aws.stop());

const common = () => ({ ...toolsOf(aws, lines), by: 'somebody on call' });
const back = (more: Partial<RollbackOptions> = {}) =>
  rollback({
    ...common(),
    compatibility: (name) => {
      asked.push(name);
      return Promise.resolve(reasons);
    },
    ...more,
  });
const records = () => aws.records.map((item) => releaseRecord.parse(unmarshall(item as never)));

describe('after the bake', () => {
  beforeEach(async () => {
    await release({ ...common(), by: 'pipeline' });
    aws.clock.pass(60_000);
  });

  test('brings up what was live before, once the schema fits it', async () => {
    const result = await back();
    expect(result.outcome).toBe('succeeded');
    expect(aws.live).toBe(revision(1));
    expect(asked).toEqual([`0.1.0+${'1'.repeat(12)}`]);
    expect(lines.join('\n')).toContain('Going back from telehealth-test-api:2 to telehealth-test-api:1');
    expect(records().at(-1)).toMatchObject({
      kind: 'rollback',
      outcome: 'succeeded',
      taskDefinition: revision(1),
      previousTaskDefinition: revision(2),
      commit: '1'.repeat(40),
    });
    expect(aws.deployments.at(-1)?.description).toBe(
      `rollback of ${'1'.repeat(40)} by somebody on call in place of telehealth-test-api:2`,
    );
  });

  test('a second one does not swing forward again', async () => {
    await back();
    aws.clock.pass(60_000);
    const result = await back();
    expect(result.outcome).toBe('refused');
    expect(result.words).toBe(
      'No record says what had the traffic before telehealth-test-api:1: name it with --to <family:revision>. ' +
        'These may be named: telehealth-test-api:2.',
    );
    expect(aws.live).toBe(revision(1));
  });

  test('refuses, with the reason, what the schema does not fit any more', async () => {
    reasons = ['The query olds of release 1 is refused.'];
    const result = await back();
    expect(result.outcome).toBe('refused');
    expect(EXIT[result.outcome]).toBe(2);
    expect(result.words).toContain(
      'cannot serve the schema as it is now: The query olds of release 1 is refused.',
    );
    expect(aws.deployments).toHaveLength(1);
    expect(records().at(-1)).toMatchObject({ kind: 'rollback', outcome: 'refused' });
  });

  test('refuses tasks that were deregistered or do not say what they are', async () => {
    const definition = aws.definitions.get(revision(1))!;
    aws.definitions.set(revision(1), { ...definition, status: 'INACTIVE' });
    expect((await back()).words).toContain('telehealth-test-api:1 was deregistered');
    aws.definitions.set(revision(1), {
      ...definition,
      containerDefinitions: [{ name: 'api', image: 'x', environment: [] }],
    });
    expect((await back()).words).toContain('does not say which release it is');
    expect(asked).toEqual([]);
  });

  test.each([revision(1), 'telehealth-test-api:1'])(
    'goes to %s when it is named: it had the traffic two releases ago',
    async (to) => {
      aws.define(3, '3'.repeat(40), `sha256:${'d'.repeat(64)}`);
      aws.wanted = revision(3);
      await release({ ...common(), by: 'pipeline' });
      aws.clock.pass(60_000);
      expect((await back({ to })).outcome).toBe('succeeded');
      expect(aws.live).toBe(revision(1));
    },
  );

  test('goes forward again to what it was taken back from, when that is named', async () => {
    await back();
    aws.clock.pass(60_000);
    expect((await back({ to: revision(2) })).outcome).toBe('succeeded');
    expect(aws.live).toBe(revision(2));
  });

  test.each([
    ['was never released', revision(3)],
    ['is of another family', revision(1).replace('-test-api', '-other')],
    ['is of another account', revision(1).replace('111122223333', '444455556666')],
    ['is live', revision(2)],
  ])('refuses a named revision that %s, with those that may be named', async (_what, to) => {
    aws.define(3, '3'.repeat(40), DIGESTS.old);
    const result = await back({ to });
    expect(result.outcome).toBe('refused');
    expect(result.words).toBe(
      `${to.split('/')[1]!} has never had this service's traffic, by its records, or has it now. ` +
        'These may be named: telehealth-test-api:1.',
    );
    expect(aws.deployments).toHaveLength(1);
    expect(aws.live).toBe(revision(2));
  });

  test('refuses a named revision whose release failed', async () => {
    aws.define(3, '3'.repeat(40), DIGESTS.old);
    aws.wanted = revision(3);
    aws.plans = [{ alarmAt: 13_500 }];
    await release({ ...common(), by: 'pipeline' });
    aws.clock.pass(60_000);
    expect(records().at(-1)).toMatchObject({ outcome: 'rolled-back', taskDefinition: revision(3) });
    expect((await back({ to: revision(3) })).outcome).toBe('refused');
  });
});

test.each([undefined, revision(2)])(
  'where nothing was ever replaced the refusal says how there comes to be a way back, --to %s',
  async (to) => {
    const { outcome, words } = await back({ ...(to !== undefined && { to }) });
    expect(outcome).toBe('refused');
    expect(words).toContain('Nothing was ever replaced here: telehealth-test-api:1 is the only version');
    expect(words).toContain('npm run release -- --env');
    expect(words).not.toContain('--to');
    expect(aws.deployments).toEqual([]);
  },
);

describe('while a deployment runs', () => {
  test('stops it with rollback, and keeps its record as taken back', async () => {
    aws.begin(revision(2), { bakeMs: 60_000 }, `release of ${'2'.repeat(40)} by pipeline execution 7`);
    aws.clock.pass(14_000);
    const result = await back();
    expect(result.outcome).toBe('succeeded');
    expect(EXIT[result.outcome]).toBe(0);
    expect(aws.calls('StopDeployment')).toHaveLength(1);
    expect(aws.calls('CreateDeployment')).toHaveLength(0);
    expect(asked).toEqual([]);
    expect(records()).toMatchObject([
      {
        kind: 'release',
        by: 'pipeline execution 7',
        outcome: 'rolled-back',
        cause: 'a rollback was ordered by somebody on call',
        taskDefinition: revision(2),
        previousTaskDefinition: revision(1),
      },
    ]);
  });

  const SHORT = 'telehealth-test-api';
  test.each(['garbage', `${SHORT}:2`, `${SHORT}:9`])(
    'is refused with --to %s, which stopping it does not lead to',
    async (to) => {
      aws.begin(revision(2), { bakeMs: 60_000 }, `release of ${'2'.repeat(40)} by pipeline execution 7`);
      aws.clock.pass(14_000);
      await expect(back({ to })).rejects.toThrow(
        `stopping it gives the traffic to ${SHORT}:1 and not to ${to}: leave --to out, or ask again when it is over.`,
      );
      expect(aws.calls('StopDeployment')).toHaveLength(0);
    },
  );

  test.each([revision(1), `${SHORT}:1`])('stops it with --to %s, which it leads to', async (to) => {
    aws.begin(revision(2), { bakeMs: 60_000 }, `release of ${'2'.repeat(40)} by pipeline execution 7`);
    aws.clock.pass(14_000);
    expect(await back({ to })).toMatchObject({ outcome: 'succeeded' });
    expect(aws.calls('StopDeployment')).toHaveLength(1);
  });

  test('leaves a rollback alone, which would lead forward again, unless that is named', async () => {
    aws.begin(revision(2), { bakeMs: 60_000 }, `rollback of ${'2'.repeat(40)} by somebody else`);
    aws.clock.pass(14_000);
    await expect(back()).rejects.toThrow(
      `is a rollback already: stopping it gives the traffic to ${SHORT}:1 again. Ask again when it is over, or say --to ${SHORT}:1 to stop it.`,
    );
    expect(aws.calls('StopDeployment')).toHaveLength(0);
    expect(await back({ to: `${SHORT}:1` })).toMatchObject({ outcome: 'succeeded' });
  });

  test('says when it could not go back', async () => {
    aws.begin(revision(2), { wayBack: 'fails', bakeMs: 60_000 });
    aws.clock.pass(14_000);
    expect(await back()).toMatchObject({ outcome: 'failed' });
  });

  test('leaves what goes back already alone', async () => {
    const failed = aws.begin(revision(2), { alarmAt: 13_500 });
    aws.clock.pass(14_000);
    await expect(back()).rejects.toThrow(`takes back ${failed.id}`);
    expect(aws.calls('StopDeployment')).toHaveLength(0);
  });
});
