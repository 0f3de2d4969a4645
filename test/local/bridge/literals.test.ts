import * as fc from 'fast-check';
import { type Json, markLiterals, restoreLiterals } from '../../../lib/local/bridge/literals';

/** What CloudFormation does to the properties of a custom resource. */
function stringified(value: Json): Json {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return value.map(stringified);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, stringified(child)]));
}

test('numbers and booleans come back as they were, whatever CloudFormation does to them', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const plain = JSON.parse(JSON.stringify(value)) as Json;
      expect(restoreLiterals(stringified(markLiterals(plain)))).toEqual(plain);
    }),
  );
});

test('a string that looks like a number stays a string', () => {
  expect(restoreLiterals(stringified(markLiterals({ Account: '000000000000', Flag: 'true' })))).toEqual({
    Account: '000000000000',
    Flag: 'true',
  });
});
