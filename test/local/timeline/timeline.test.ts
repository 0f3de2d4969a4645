import type { Deployment } from '../../../lib/local/codedeploy/model/deployment';
import { timelineOf } from '../../../lib/local/pipeline/text/timeline';
import { eventSpans } from '../../../lib/local/timeline/deployments';
import { renderTimeline } from '../../../lib/local/timeline/page';
import { BEGIN, timeline } from './support';

test('text of others is text: no element of theirs is in the page', () => {
  const page = renderTimeline(timeline);
  expect(page).not.toMatch(/<script|<b>/);
  expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;rest&quot;');
});

test('the page loads nothing', () => {
  const page = renderTimeline(timeline);
  expect(page).toContain(`default-src 'none'`);
  expect(page).not.toMatch(/https?:|src=|@import|url\(/);
});

test('bars stand where they were in the time that all share', () => {
  expect(renderTimeline(timeline)).toContain('class="bar bad" style="left:10.000%;width:50.000%"');
});

test('requests are told as a whole and for every stretch in which some failed', () => {
  const rows = renderTimeline(timeline).match(/<tr><th scope="row">.*?<\/tr>/g) ?? [];
  const cells = rows.map((row) => row.replace(/<\/t[hd]>/g, '|').replace(/<[^>]*>/g, ''));
  expect(cells).toEqual([
    '222222222222|77|2|7|11|11|503: 2|',
    '222222222222, Staging: Release|27|2|7|11|11|503: 2|',
    '222222222222, d-1: AllowTraffic|27|2|7|11|11|503: 2|',
  ]);
});

test('every bar is told in words too', () => {
  const page = renderTimeline(timeline);
  expect(page).toContain(
    '<tr><td>Staging</td><th scope="row">Release</th><td class="number">10.0 s</td><td class="number">50.0 s</td><td>failed</td><td>it&#39;s &quot;&lt;b&gt;&quot;</td></tr>',
  );
});

test('weights hold until the next change', () => {
  const [, points = ''] = /class="line group-0" points="([^"]*)"/.exec(renderTimeline(timeline)) ?? [];
  expect(points).toBe('0.00,0.00 200.00,0.00 200.00,10.00 1000.00,10.00');
});

test('without a load the page says how to send one', () => {
  const quiet = { ...timeline, traffic: [{ name: 'a', buckets: [], weights: [] }] };
  expect(renderTimeline(quiet)).toContain('--load');
});

function deployment(overrides: Partial<Deployment>): Deployment {
  return {
    ...{ id: 'd-1', account: '222222222222', creator: 'user', createTime: BEGIN, completeTime: BEGIN + 9000 },
    events: [
      { name: 'Install', status: 'Succeeded', startTime: BEGIN, endTime: BEGIN + 4000 },
      {
        name: 'AfterAllowTestTraffic',
        status: 'Failed',
        startTime: BEGIN + 4000,
        endTime: BEGIN + 8000,
        message: 'no',
      },
      { name: 'AllowTraffic', status: 'Pending' },
    ],
    error: { code: 'HOOK_EXECUTION_FAILURE', message: 'the hook said no' },
    ...overrides,
  } as Deployment;
}

test('a deployment is its lifecycle events and why it ended', () => {
  const spans = eventSpans(deployment({}), BEGIN + 20_000);
  expect(
    spans.map(({ name, outcome, from, to, words }) => [name, outcome, from - BEGIN, to - BEGIN, words]),
  ).toEqual([
    ['Install', 'good', 0, 4000, ''],
    ['AfterAllowTestTraffic', 'bad', 4000, 8000, 'no'],
    ['AllowTraffic', 'skipped', 9000, 9000, ''],
    ['HOOK_EXECUTION_FAILURE', 'bad', 9000, 9000, 'the hook said no'],
  ]);
});

test('a rehearsal is its actions and the deployments of the same time', () => {
  const action = {
    ...{ execution: 'one', stage: 'Prod', action: 'Release', provider: 'CodeBuild', log: '' },
    ...{ startedAt: BEGIN + 1000, endedAt: BEGIN + 5000, status: 'Failed' as const, note: 'rolled back' },
  };
  const execution = {
    id: 'one',
    stages: [],
    startedAt: BEGIN,
    status: 'Failed' as const,
    reason: 'stage Prod failed',
  };
  const made = timelineOf(
    { actions: [action], executions: [execution] },
    [deployment({ creator: 'codeDeployRollback', events: [] })],
    [],
    BEGIN + 20_000,
  );
  expect(made).toMatchObject({ verdict: 'Failed: stage Prod failed.', from: BEGIN + 1000, to: BEGIN + 9000 });
  expect(made.spans.map(({ lane, name }) => `${lane}: ${name}`)).toEqual([
    'Prod: Release',
    '222222222222 d-1 (rollback): HOOK_EXECUTION_FAILURE',
  ]);
});
