import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { zipOne } from '../../../lib/local/deploy/zip';

test('another program unpacks the archive and finds its check sums right', () => {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'zip-'));
  const file = path.join(dir, 'code.zip');
  const content = Buffer.from('exports.handler = async () => "é";\n'.repeat(1000));
  fs.writeFileSync(file, zipOne('index.js', content));
  execFileSync('python3', ['-m', 'zipfile', '-t', file]);
  execFileSync('python3', ['-m', 'zipfile', '-e', file, dir]);
  expect(fs.readFileSync(path.join(dir, 'index.js')).equals(content)).toBe(true);
  fs.rmSync(dir, { recursive: true });
});

test('the same content gives the same archive', () => {
  expect(zipOne('a', Buffer.from('x')).equals(zipOne('a', Buffer.from('x')))).toBe(true);
});
