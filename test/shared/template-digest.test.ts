import * as fs from 'node:fs';
import { templateDigest } from '../../lib/shared/template-digest';
import { platformAssembly } from '../support/platform';

const template = {
  Description: 'The owner’s',
  Resources: { A: { Type: 'T', Properties: { B: [1, 'c?'] } } },
};
const digest = templateDigest(JSON.stringify(template));

test.each([
  ['spaces and lines', JSON.stringify(template, undefined, 2)],
  ['the order of its names', JSON.stringify({ Resources: template.Resources, Description: 'The owner’s' })],
  ['what CloudFormation makes of an apostrophe', JSON.stringify(template).replace('’', '?')],
])('%s make no other template', (_what, text) => {
  expect(templateDigest(text)).toBe(digest);
});

test.each([
  ['value', JSON.stringify(template).replace('1', '2')],
  ['order of a list', JSON.stringify(template).replace('[1,"c?"]', '["c?",1]')],
  ['name', JSON.stringify(template).replace('"B"', '"D"')],
  ['text', JSON.stringify(template).replace('owner', 'other')],
  ['number of question marks', JSON.stringify(template).replace('c?', 'c??')],
])('another %s makes another', (_what, text) => {
  expect(templateDigest(text)).not.toBe(digest);
});

test('what is no JSON has none', () => {
  expect(() => templateDigest('Resources: {}')).toThrow(SyntaxError);
});

test('no template of the platform holds a character that CloudFormation gives back as another', () => {
  const stacks = platformAssembly().stacksRecursively;
  expect(stacks.length).toBeGreaterThan(20);
  const strange = stacks.filter(({ templateFullPath }) =>
    /[^\n\x20-\x7e]/.test(fs.readFileSync(templateFullPath, 'utf8')),
  );
  expect(strange.map(({ stackName }) => stackName)).toEqual([]);
});
