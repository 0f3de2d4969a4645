import { templateDigest } from '../../lib/shared/template-digest';

const template = {
  Description: 'The owner’s',
  Resources: { A: { Type: 'T', Properties: { B: [1, 'c?'] } } },
};
const digest = templateDigest(JSON.stringify(template));

test.each([
  ['spaces and lines', JSON.stringify(template, undefined, 2)],
  ['the order of its names', JSON.stringify({ Resources: template.Resources, Description: 'The owner’s' })],
  ['what CloudFormation makes of an apostrophe', JSON.stringify(template).replace('’', '?')],
  ['what it makes of its bytes', JSON.stringify(template).replace('’', '???')],
])('%s make no other template', (_what, text) => {
  expect(templateDigest(text)).toBe(digest);
});

test.each([
  ['value', JSON.stringify(template).replace('1', '2')],
  ['order of a list', JSON.stringify(template).replace('[1,"c?"]', '["c?",1]')],
  ['name', JSON.stringify(template).replace('"B"', '"D"')],
  ['text', JSON.stringify(template).replace('owner', 'other')],
])('another %s makes another', (_what, text) => {
  expect(templateDigest(text)).not.toBe(digest);
});

test('what is no JSON has none', () => {
  expect(() => templateDigest('Resources: {}')).toThrow(SyntaxError);
});
