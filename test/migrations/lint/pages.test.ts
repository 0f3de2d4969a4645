import * as fs from 'node:fs';
import * as path from 'node:path';
import { ALL_RULES, renderPage } from '../../../lib/migrations/lint';
import { EXAMPLES, shown } from './corpus';

const FOLDER = path.join(__dirname, '../../../docs/migrations/rules');
const WRITE = process.env['UPDATE_RULE_PAGES'] === '1';

/** What the folder has to hold, by file name: a page of each rule and the list of them. */
const PAGES = new Map([
  ...ALL_RULES.map((rule): [string, string] => {
    const example = EXAMPLES.find(({ name }) => name === rule.id);
    return [
      `${rule.id}.md`,
      renderPage(rule, { bad: shown(example?.bad ?? ''), good: shown(example?.good ?? '') }),
    ];
  }),
  [
    'README.md',
    `# Rules of the migration lint

Each page says what a rule protects from, how to mend a finding, and shows both. The pages are made from the rules and
from test/migrations/lint/corpus: UPDATE_RULE_PAGES=1 npx jest test/migrations/lint/pages.test.ts

${[...ALL_RULES]
  .sort((one, other) => (one.id < other.id ? -1 : 1))
  .map(({ id, title, severity }) => `- [${id}](${id}.md) (${severity}): ${title}`)
  .join('\n')}

## Beside squawk

squawk-cli 2.66.0 over the refused parts of the corpus, without its rules on timeouts, schema names and IF EXISTS, which
the engine makes needless: it has a finding in 32 of the 93 examples of single rules and in 8 of the 10 compound traps.
It has no rule for what is this platform's own (row-level security, marks, rights, what a down undoes), nor for changes of
rows without bounds, statements that rewrite or lock by themselves, and several of them in one transaction. What it says
and these rules leave out on purpose: prefer-bigint-over-int for every integer, and require-enum-value-ordering.
`,
  ],
]);

beforeAll(() => {
  if (!WRITE) return;
  fs.rmSync(FOLDER, { recursive: true, force: true });
  fs.mkdirSync(FOLDER, { recursive: true });
  for (const [name, text] of PAGES) fs.writeFileSync(path.join(FOLDER, name), text);
});

test('there is a page of each rule, and no other', () => {
  expect(fs.readdirSync(FOLDER).sort()).toEqual([...PAGES.keys()].sort());
});

test.each([...PAGES])('%s says what the rule says', (name, text) => {
  expect(fs.readFileSync(path.join(FOLDER, name), 'utf8')).toBe(text);
});

test('each rule has its own name, and a title, a reason and a mend in sentences', () => {
  expect(new Set(ALL_RULES.map(({ id }) => id)).size).toBe(ALL_RULES.length);
  for (const { id, title, why, mend } of ALL_RULES) {
    expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
    for (const sentence of [title, why, mend]) expect(sentence).toMatch(/\.$/);
  }
});
