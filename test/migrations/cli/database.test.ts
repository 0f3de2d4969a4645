import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { ofLocal, ofUrl, type UrlOptions } from '../../../bin/migrate/database';

const refusal = (options: Partial<UrlOptions>): string => {
  try {
    ofUrl({ url: undefined, ca: undefined, extraCa: undefined, ...options });
  } catch (error) {
    return (error as Error).message;
  }
  return 'none';
};

test.each<readonly [string, Partial<UrlOptions>, string]>([
  ['no URL', {}, 'or DATABASE_URL='],
  ['an empty URL', { url: '' }, 'or DATABASE_URL='],
  ['a URL that is none', { url: 'secret' }, 'is no URL'],
  ['another scheme', { url: 'mysql://me:secret@localhost/x' }, 'lacks the scheme, the user or the database'],
  ['a URL without a user', { url: 'postgresql://localhost/x' }, 'lacks the scheme, the user or the database'],
  [
    'a URL without a database',
    { url: 'postgresql://me:secret@localhost/' },
    'lacks the scheme, the user or the database',
  ],
  [
    'another machine without its authority',
    { url: 'postgresql://me:secret@db.example/x' },
    'authority of db.example: --ca',
  ],
  [
    'another machine in plain',
    { url: 'postgresql://me:secret@db.example/x?sslmode=disable' },
    'authority of db.example: --ca',
  ],
  [
    'TLS on this machine without the authority',
    { url: 'postgresql://me:secret@localhost/x?sslmode=verify-full' },
    'authority of localhost: --ca',
  ],
  [
    'an authority that is not there',
    { url: 'postgresql://me:secret@db.example/x', ca: '/nowhere' },
    '/nowhere is not there',
  ],
])('%s is refused in a sentence that does not repeat the password', (_what, options, sentence) => {
  const message = refusal(options);
  expect(message).toContain(sentence);
  expect(message).not.toContain('secret');
});

test('this machine needs no TLS, another one has it by either authority', () => {
  for (const host of ['localhost:5433', '127.0.0.1', '[::1]'])
    expect(refusal({ url: `postgres://me@${host}/x` })).toBe('none');
  const url = 'postgres://me@db.example/x';
  expect(refusal({ url, ca: __filename })).toBe('none');
  expect(refusal({ url, extraCa: __filename })).toBe('none');
  expect(refusal({ url: `${url}?sslrootcert=${encodeURIComponent(__filename)}` })).toBe('none');
});

test('a local environment that is not there, or of an older version, says what to do', () => {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'local-'));
  try {
    expect(() => ofLocal(dir)).toThrow('run "npm start" first');
    fs.writeFileSync(path.join(dir, 'summary.json'), '{}');
    expect(() => ofLocal(dir)).toThrow('of an older version');
  } finally {
    fs.rmSync(dir, { recursive: true, force: true });
  }
});
