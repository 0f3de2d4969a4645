import * as fs from 'node:fs';
import * as path from 'node:path';
import {
  CATALOGUE,
  CATALOGUE_VERSION,
  CHECKS,
  checksServing,
  type Entry,
  rulesServing,
} from '../../../lib/gate/catalogue';
import type { Rule } from '../../../lib/gate/ledger';
import { ESTATE_RULES } from '../../../lib/gate/estate-rules';
import { TEMPLATE_RULES } from '../../../lib/gate/template-rules';
import { gatedApp, ledgerOf, raw, stackIn } from '../support';

const FOLDER = path.join(__dirname, '../../../docs/compliance/catalogue');
const HOW = 'UPDATE_COMPLIANCE_PAGES=1 npx jest test/gate/catalogue/pages.test.ts';
const WRITE = process.env['UPDATE_COMPLIANCE_PAGES'] === '1';

const SECTIONS: Readonly<Record<string, string>> = {
  '164.308': 'Administrative safeguards',
  '164.310': 'Physical safeguards',
  '164.312': 'Technical safeguards',
  '164.314': 'Organizational requirements',
  '164.316': 'Policies, procedures and documentation',
};

function rulesOfGate(): readonly Rule[] {
  const app = gatedApp();
  raw(stackIn(app), 'Queue', 'AWS::SQS::Queue', { KmsMasterKeyId: 'key' });
  app.synth();
  return ledgerOf(app).rules;
}

function names(all: readonly string[]): string {
  return all.length === 0 ? 'none' : all.map((name) => `\`${name}\``).join(', ');
}

function item(entry: Entry, rules: readonly Rule[]): string {
  const {
    citation,
    title,
    standard,
    designation,
    responsibility,
    owner,
    cadence,
    evidence,
    manual,
    outOfScope,
  } = entry;
  return [
    `${citation === standard ? '##' : '###'} ${citation} ${title}`,
    '',
    `- ${designation === 'standard' ? 'A standard that holds as its specifications hold' : designation === 'required' ? 'Required' : 'Addressable'}; ${responsibility}; ${owner}, ${cadence}.`,
    `- ${evidence}`,
    ...(outOfScope === undefined ? [] : [`- Out of scope: ${outOfScope}`]),
    ...(manual && outOfScope === undefined ? ['- Needs evidence that people record.'] : []),
    `- Rules: ${names(rulesServing(entry, rules))}`,
    `- Checks by test: ${names(checksServing(entry))}`,
    '',
  ].join('\n');
}

function typesOf(types: readonly string[]): string {
  return types.length === 0 ? 'every resource' : types.map((type) => `\`${type}\``).join(', ');
}

const TEMPLATE_PAGE = TEMPLATE_RULES.map((rule) => ({ ...rule, looksAt: typesOf(rule.types) }));

function pageOf(all: readonly Omit<(typeof ESTATE_RULES)[number], 'judge'>[]): string {
  return [...all]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map(({ id, controls, rationale, mend, looksAt }) =>
      [
        `## ${id}`,
        '',
        `- ${rationale}`,
        `- To mend: ${mend}.`,
        `- Serves ${controls.join(', ')}.`,
        `- Looks at ${looksAt}.`,
        '',
      ].join('\n'),
    )
    .join('\n');
}

const rules = rulesOfGate();

/** What the folder has to hold, by file name. */
const PAGES = new Map<string, string>([
  ...Object.entries(SECTIONS).map(([number, title]): [string, string] => [
    `${number}.md`,
    `# 45 CFR ${number}: ${title}\n\n${CATALOGUE.filter(({ citation }) => citation.startsWith(`${number}(`))
      .map((entry) => item(entry, rules))
      .join('\n')}`,
  ]),
  [
    'template-rules.md',
    `# Rules over the templates\n\nThese judge what was written to disk, as cdk-nag’s 90 rules do beside them; those say what they mean with\n\`npm run compliance -- explain <rule>\`.\n\n${pageOf(TEMPLATE_PAGE)}`,
  ],
  [
    'estate-rules.md',
    `# Rules over an environment\n\nThe other rules judge one resource at a time; these put all templates of an environment together and judge what follows\nfrom them. What the templates do not tell counts against: as open, as allowed, as not encrypted.\n\n${pageOf(ESTATE_RULES)}`,
  ],
  [
    'checks.md',
    `# Checks by test\n\nWhat no rule over a template can show. They count where the results of \`npm test\` are of exactly the sources that are\njudged.\n\n${CHECKS.map(({ id, title, controls, file }) => `- \`${id}\`: ${title} Serves ${controls.join(', ')}. [${file}](../../../${file})`).join('\n')}\n`,
  ],
  [
    'README.md',
    `# The catalogue\n\nVersion ${CATALOGUE_VERSION}: ${CATALOGUE.length} standards and implementation specifications of the Security Rule, ${CATALOGUE.filter((entry) => rulesServing(entry, rules).length + checksServing(entry).length > 0).length} of them with\nautomated evidence. The pages are made from lib/gate/catalogue and the rules:\n\`${HOW}\`\n\n${Object.entries(
      SECTIONS,
    )
      .map(([number, title]) => `- [45 CFR ${number}](${number}.md): ${title}`)
      .join(
        '\n',
      )}\n- [Rules over the templates](template-rules.md)\n- [Rules over an environment](estate-rules.md)\n- [Checks by test](checks.md)\n`,
  ],
]);

beforeAll(() => {
  if (!WRITE) return;
  fs.rmSync(FOLDER, { recursive: true, force: true });
  fs.mkdirSync(FOLDER, { recursive: true });
  for (const [name, text] of PAGES) fs.writeFileSync(path.join(FOLDER, name), text);
});

test('there is a page of each section, and no other', () => {
  expect(fs.readdirSync(FOLDER).sort()).toEqual([...PAGES.keys()].sort());
});

test.each([...PAGES])(`%s says what the catalogue says; to write it anew: ${HOW}`, (name, text) => {
  expect(fs.readFileSync(path.join(FOLDER, name), 'utf8')).toBe(text);
});
