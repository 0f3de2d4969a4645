import * as fc from 'fast-check';
import { readTitles, writeTitles } from '../../../lib/migrations/remote/titles';

const titles = fc.array(fc.stringMatching(/^\d{4}_[a-z_]{1,60}$/), { maxLength: 40 });

test('what one step writes the other reads, as far as a variable of CodePipeline holds it', () => {
  fc.assert(
    fc.property(titles, (given) => {
      const variable = writeTitles(given);
      expect(variable).not.toBe('');
      expect(variable.length).toBeLessThanOrEqual(1_000);
      const read = readTitles(variable);
      expect(read).toEqual(given.slice(0, read.length));
      if (given.join(',').length <= 1_000) expect(read).toEqual(given);
    }),
  );
});

test('none at all is told in a word, and nothing is read from a variable that is empty', () => {
  expect(writeTitles([])).toBe('none');
  expect(readTitles('none')).toEqual([]);
  expect(readTitles('')).toEqual([]);
});
