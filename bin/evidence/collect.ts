import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { sha256 } from '../../lib/gate/chain/canonical';
import { OPERATIONAL_FOLDER } from '../../lib/gate/evidence/operational';
import { noteOrigin } from '../../lib/gate/evidence/origins';
import { AUDIT_FILE, auditSchema, SBOM_FILE } from '../../lib/gate/evidence/sources';
import { name } from '../../package.json';

interface Bom {
  serialNumber?: string;
  readonly metadata: { timestamp?: string; readonly component: { name: string } };
}

/** How long npm may wait for the registry in all. */
const PATIENCE_MS = 60_000;

/** SHA-256 of the lockfile that a repository's packages come from. */
export function packageLockOf(root: string): string {
  return sha256(fs.readFileSync(path.join(root, 'package-lock.json')));
}

/** The day it is, `YYYY-MM-DD`. */
export function today(): string {
  return new Date().toISOString().slice(0, 10);
}

/** What npm prints, and whether it ended well: an audit that finds something ends with 1 and prints its findings. */
function npm(root: string, ...args: readonly string[]): Promise<{ printed: string; error: string }> {
  return new Promise((resolve) => {
    const options = { cwd: root, maxBuffer: 64 * 1024 * 1024, timeout: PATIENCE_MS };
    execFile('npm', args, options, (error, stdout, stderr) =>
      resolve({ printed: stdout, error: error ? stderr.trim() || error.message : '' }),
    );
  });
}

function write(root: string, file: string, content: unknown, madeOn?: string): void {
  const folder = path.join(root, OPERATIONAL_FOLDER);
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, file), `${JSON.stringify(content, undefined, 1)}\n`);
  noteOrigin(folder, file, {
    packageLock: packageLockOf(root),
    ...(madeOn !== undefined && { madeOn }),
  });
}

/**
 * Writes the bill of materials of the lockfile, without what differs from call to call and from folder to folder.
 * @throws Error with npm's words when it makes none
 */
export async function writeSbom(root: string): Promise<void> {
  const { printed, error } = await npm(root, 'sbom', '--sbom-format', 'cyclonedx', '--package-lock-only');
  if (error !== '') throw new Error(`npm sbom made no bill of materials: ${error}`);
  const bom = JSON.parse(printed) as Bom;
  delete bom.serialNumber;
  delete bom.metadata.timestamp;
  bom.metadata.component.name = name;
  write(root, SBOM_FILE, bom);
}

/**
 * Asks the registry what is known of the lockfile's packages. Without an answer no audit is left, and none of before.
 * @returns in a sentence how it went
 */
export async function writeAudit(root: string): Promise<string> {
  fs.rmSync(path.join(root, OPERATIONAL_FOLDER, AUDIT_FILE), { force: true });
  const { printed, error } = await npm(root, 'audit', '--json', '--package-lock-only', '--fetch-retries=1');
  const audit = auditSchema.safeParse(jsonOf(printed));
  if (!audit.success)
    return `No audit: the registry does not answer it (${error.split('\n')[0] ?? 'npm says nothing'}).`;
  const madeOn = today();
  write(root, AUDIT_FILE, jsonOf(printed), madeOn);
  return `Audit of ${madeOn}: ${audit.data.metadata.vulnerabilities.critical} critical, ${audit.data.metadata.vulnerabilities.high} high.`;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
