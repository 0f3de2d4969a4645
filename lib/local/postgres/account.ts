import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';

/** The operating system's user and group that the server runs as. */
export interface Account {
  /** User id. */
  readonly uid: number;
  /** Group id. */
  readonly gid: number;
}

/** PostgreSQL refuses to run as root; this is who it runs as then: `postgres` where it exists, else `nobody`. */
export function serverAccount(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const lines = fs.readFileSync('/etc/passwd', 'utf8').split('\n');
  for (const name of ['postgres', 'nobody']) {
    const [, , uid, gid] = (lines.find((line) => line.startsWith(`${name}:`)) ?? '').split(':').map(Number);
    if (uid && gid) return { uid, gid };
  }
  throw new Error(
    'PostgreSQL refuses to run as root, and there is neither a user "postgres" nor "nobody" to run it as. ' +
      'Start as another user.',
  );
}

/** Whether an account can enter every one of the folders. */
export function canEnter(account: Account | undefined, folders: readonly string[]): boolean {
  if (!account) return true;
  const { status, error } = spawnSync(
    '/bin/sh',
    ['-c', 'for f; do cd "$f" || exit 1; done', 'sh', ...folders],
    {
      ...account,
      cwd: '/',
      stdio: 'ignore',
    },
  );
  if (error) throw new Error('This root user may not start programs as another user. Start as another user.');
  return status === 0;
}
