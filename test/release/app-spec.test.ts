import { appSpec } from '../../lib/release/app-spec';

const parts = { taskDefinition: 'arn:definition', container: 'api', port: 8080 };
const hooksOf = (hooks: Parameters<typeof appSpec>[0]['hooks']) =>
  (JSON.parse(appSpec({ ...parts, hooks }).content) as { Hooks: unknown }).Hooks;

test('a version is judged at the test traffic, before the public one, and when it has all of that', () => {
  expect(hooksOf({ testTraffic: 'try', traffic: 'gate', publicTraffic: 'try-again' })).toEqual([
    { AfterAllowTestTraffic: 'try' },
    { BeforeAllowTraffic: 'gate' },
    { AfterAllowTraffic: 'try-again' },
  ]);
});

test('a stack that was deployed before there was a third hook is released with two', () => {
  expect(hooksOf({ testTraffic: 'try', traffic: 'gate' })).toEqual([
    { AfterAllowTestTraffic: 'try' },
    { BeforeAllowTraffic: 'gate' },
  ]);
});
