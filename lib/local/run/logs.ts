import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Folders } from '../folders';

const LINES = 40;

/**
 * Prints the last lines of one component's logs, or of all.
 *
 * @throws Error for a component that there is not
 */
export function printLogs(
  folders: Folders,
  component: string | undefined,
  print: (line: string) => void,
): void {
  const tasks = path.join(folders.tasks, 'logs');
  const api = fs.existsSync(tasks)
    ? fs
        .readdirSync(tasks)
        .map((name) => path.join(tasks, name))
        .sort((a, b) => fs.statSync(a).mtimeMs - fs.statSync(b).mtimeMs)
    : [];
  const moved = path.join(folders.postgres, 'moved-to');
  const postgres = fs.existsSync(moved) ? fs.readFileSync(moved, 'utf8').trim() : folders.postgres;
  const files: Readonly<Record<string, readonly string[]>> = {
    api: api.slice(-2),
    'load-balancer': [path.join(folders.supervisor, 'supervisor.log')],
    aws: [path.join(folders.emulator, 'emulator.log')],
    database: [path.join(postgres, 'postgres.log')],
  };
  const chosen = component === undefined ? Object.values(files).flat() : files[component];
  if (chosen === undefined)
    throw new Error(
      `There is no component "${component ?? ''}": it is one of ${Object.keys(files).join(', ')}.`,
    );
  for (const file of chosen.filter((name) => fs.existsSync(name))) {
    print(`── ${file}`);
    print(fs.readFileSync(file, 'utf8').trimEnd().split('\n').slice(-LINES).join('\n'));
  }
}
