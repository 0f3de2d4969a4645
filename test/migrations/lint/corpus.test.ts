import { ALL_RULES } from '../../../lib/migrations/lint';
import { EXAMPLES, lintExample } from './corpus';

test('every rule has an example of its own, and every other example is a compound trap', () => {
  const names = EXAMPLES.map(({ name }) => name).filter((name) => !name.startsWith('trap-'));
  expect(names).toEqual(ALL_RULES.map(({ id }) => id).sort());
});

test.each(EXAMPLES)('$name: refused by exactly $rules', async ({ name, rules, bad }) => {
  const { findings } = await lintExample(bad);
  expect([...new Set(findings.map(({ rule }) => rule))].sort()).toEqual(rules);
  if (!name.startsWith('trap-')) expect(rules).toContain(name);
});

test.each(EXAMPLES)('$name: the mend passes', async ({ name, good }) => {
  const { findings } = await lintExample(good);
  expect(findings.filter(({ severity, rule }) => severity !== 'info' || rule === name)).toEqual([]);
});
