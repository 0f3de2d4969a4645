import * as fs from 'node:fs';
import * as path from 'node:path';
import { z } from 'zod';
import { sha256 } from '../chain/canonical';
import { filesIn } from '../chain/files';
import type { Report } from '../report/model';

const manifestSchema = z.object({
  files: z
    .record(
      z.string(),
      z.object({ source: z.object({ path: z.string().optional(), packaging: z.string() }) }),
    )
    .default({}),
});

/**
 * The files that an assembly has published to its environments, each folder or file once. Images are not among them: they
 * are built before, and named by their digest.
 */
export function assetsOf(assembly: string): Report['assets'] {
  const paths = manifestsIn(assembly).flatMap((manifest) => {
    const { files } = manifestSchema.parse(JSON.parse(fs.readFileSync(manifest, 'utf8')));
    return Object.values(files).flatMap(({ source: { path: place } }) =>
      // Templates are published too, and judged for themselves.
      place === undefined || place.endsWith('.template.json')
        ? []
        : [
            path
              .relative(assembly, path.join(path.dirname(manifest), place))
              .split(path.sep)
              .join('/'),
          ],
    );
  });
  return [...new Set(paths)].map((place) => ({ path: place, sha256: digestOf(path.join(assembly, place)) }));
}

function manifestsIn(assembly: string): string[] {
  return ['.', ...fs.readdirSync(assembly).filter((name) => name.startsWith('assembly-'))]
    .map((name) => path.join(assembly, name))
    .filter((folder) => fs.statSync(folder).isDirectory())
    .flatMap((folder) =>
      fs
        .readdirSync(folder)
        .filter((name) => name.endsWith('.assets.json'))
        .map((name) => path.join(folder, name)),
    );
}

/** Of the names and contents of the files; one that is not there has a digest that no files have. */
function digestOf(place: string): string {
  if (!fs.existsSync(place)) return sha256('nothing is there');
  const names = fs.statSync(place).isDirectory() ? filesIn(place) : [''];
  const lines = names
    .map((name) => ({ name, file: path.join(place, name) }))
    .filter(({ file }) => !fs.statSync(file).isDirectory())
    .map(({ name, file }) => `${sha256(fs.readFileSync(file))}  ${name}\n`);
  return sha256(lines.join(''));
}
