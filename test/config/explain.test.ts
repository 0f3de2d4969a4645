import { explain, explanation } from '../../lib/config/explain';
import { loadConfiguration } from '../../lib/config/load';
import { isPlaceholderAccount } from '../../lib/config/placeholder';
import { environmentSchema, pipelineSchema } from '../../lib/config/schema';

const { environments, pipeline } = loadConfiguration();

test.each(Object.entries(environments))('every setting of %s has a meaning', (_name, environment) => {
  const settings = explain(environmentSchema, environment);
  expect(settings.filter(({ meaning }) => meaning === '')).toEqual([]);
  expect(settings.length).toBeGreaterThan(30);
});

test('every setting of the pipeline has a meaning', () => {
  const settings = explain(pipelineSchema, pipeline);
  expect(settings.filter(({ meaning }) => meaning === '')).toEqual([]);
  expect([...new Set(settings.map(({ path }) => path.split('.')[0]))]).toEqual(
    Object.keys(pipelineSchema.shape),
  );
});

test('marks what differs from its default, and only that', () => {
  const settings = explain(environmentSchema, environments['prod']);
  const of = (path: string): object | undefined => settings.find((setting) => setting.path === path);
  expect(of('database.readers')).toMatchObject({ value: '1', byDefault: '0', differs: true });
  expect(of('removal')).toMatchObject({ value: '"retain"', byDefault: '"retain"', differs: false });
  expect(of('account')).toMatchObject({ value: '"333333333333"', byDefault: undefined, differs: false });
  expect(of('certificateArn')).toMatchObject({ value: 'not set', differs: false });
  expect(of('release.intervalMinutes')).toMatchObject({
    value: '1',
    byDefault: '1',
    meaning: 'Minutes between two shares',
  });
});

test('prints one line a setting, with a star where it differs', () => {
  const text = explanation(explain(environmentSchema, environments['prod']));
  expect(text).toMatch(/^\* database\.readers +1 +Aurora readers beside the writer \(default 0\)$/m);
  expect(text).toMatch(
    /^ {2}removal +"retain" +What happens to stateful resources when a stack is deleted$/m,
  );
});

test('placeholder accounts are told from real ones and from the local one', () => {
  expect(['111111111111', '444444444444', '999999999999'].every(isPlaceholderAccount)).toBe(true);
  expect(['000000000000', '123456789012', '111111111112', ''].some(isPlaceholderAccount)).toBe(false);
});
