import * as fs from 'node:fs';
import * as path from 'node:path';

/** Leaves what a step did in a folder, as the pipeline keeps it: text as it is, everything else as JSON. */
export function keepFiles(folder: string, files: Readonly<Record<string, unknown>>): void {
  fs.mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(files))
    fs.writeFileSync(
      path.join(folder, name),
      typeof content === 'string' ? content : `${JSON.stringify(content, undefined, 2)}\n`,
    );
}
