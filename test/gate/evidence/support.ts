import type { App } from 'aws-cdk-lib';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { type Surroundings, writeEvidence } from '../../../lib/gate/evidence/write';
import type { Report } from '../../../lib/gate/report/model';
import { refusal } from '../support';

/** The repository's folder. */
export const ROOT = path.resolve(__dirname, '../../..');

/** What a laptop knows. */
export const AROUND: Surroundings = {
  system: 'telehealth-platform',
  version: '1.0.0',
  commit: '0'.repeat(40),
  dirty: false,
  checks: new Map(),
  operational: [],
  collected: new Map(),
  manual: 'overdue: report\nitems: []\n',
};

const made: string[] = [];

/** A folder that is gone when the tests end. */
export function scratch(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'evidence-'));
  made.push(folder);
  return folder;
}

/** A folder with these files in it. */
export function folderOf(files: Readonly<Record<string, unknown>>): string {
  const folder = scratch();
  for (const [name, written] of Object.entries(files))
    fs.writeFileSync(
      path.join(folder, name),
      typeof written === 'string' ? written : JSON.stringify(written),
    );
  return folder;
}

/** Removes what `scratch` made; for `afterAll`. */
export function cleanUp(): void {
  for (const folder of made) fs.rmSync(folder, { recursive: true, force: true });
}

/** The evidence of an application, whatever its gate says. */
export function evidenceOf(
  app: App,
  around: Partial<Surroundings> = {},
): { readonly folder: string; readonly files: readonly string[]; readonly report: Report } {
  refusal(app);
  const folder = path.join(scratch(), 'evidence');
  return { folder, ...writeEvidence(app.outdir, folder, { ...AROUND, ...around }) };
}

/** Every file of a folder, by its name in it. */
export function contents(folder: string): ReadonlyMap<string, string> {
  return new Map(
    fs
      .readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => {
        const file = path.join(entry.parentPath, entry.name);
        return [path.relative(folder, file), fs.readFileSync(file, 'utf8')] as const;
      })
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}
