import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { bundleTools } from '../../lib/shared/tool-code';

test('each tool of the pipeline’s steps is one file that names the variables it lacks', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tools-'));
  bundleTools(folder);
  expect(fs.readdirSync(folder)).toEqual([
    ...['compare', 'db.json.gz', 'evidence-step.js', 'guard.js', 'load-smoke.js', 'migrate-step.js'],
    ...['page.css', 'page.js', 'release-step.js', 'smoke.js'],
  ]);
  const { status, stderr } = spawnSync(process.execPath, [path.join(folder, 'migrate-step.js')], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] },
  });
  expect(status).toBe(1);
  for (const name of ['ENVIRONMENT', 'PHASE', 'ROLE_ARN', 'DATA_STACK']) expect(stderr).toContain(name);
  fs.rmSync(folder, { recursive: true });
});
