import * as fs from 'node:fs';
import * as path from 'node:path';
import { minimatch } from 'minimatch';
import type { ArtifactSpec, Buildspec } from './buildspec';
import type { BuildSwitches } from './switches';

/** An artifact that could not be made; its message is what the phase says. */
export class ArtifactError extends Error {
  /** Tells it from other errors. */
  override readonly name = 'ArtifactError';
}

/** Options of minimatch under which `**` finds what CodeBuild's does: hidden files as well. */
const GLOB = { dot: true };

/**
 * Which part of a buildspec makes an artifact: the primary one when the action leaves a single artifact, else the
 * secondary one of its name.
 *
 * @throws ArtifactError when the buildspec has no such part
 */
export function specOf(spec: Buildspec, outputs: readonly string[], name: string): ArtifactSpec {
  const secondary = spec.artifacts?.['secondary-artifacts'] ?? {};
  const chosen =
    outputs.length === 1 && Object.keys(secondary).length === 0 ? spec.artifacts : secondary[name];
  if (chosen === undefined) throw new ArtifactError(`the buildspec says nothing of the artifact ${name}`);
  return chosen;
}

/**
 * Copies what an artifact names into a folder.
 *
 * @param source - folder that `base-directory` and the files are relative to
 * @param to - folder to copy into; made
 * @throws ArtifactError when nothing matches
 */
export function collect(spec: ArtifactSpec, source: string, to: string, switches: BuildSwitches): void {
  const base = path.resolve(source, spec['base-directory'] ?? '.');
  fs.mkdirSync(to, { recursive: true });
  if (!fs.existsSync(base)) {
    if (switches.missingBaseDirectoryFails)
      throw new ArtifactError(`no matching base directory path found for ${spec['base-directory'] ?? '.'}`);
    return;
  }
  const keepsLinks = isYes(spec['enable-symlinks']);
  const files = filesUnder(base, keepsLinks).filter(
    (file) =>
      spec.files.some((pattern) => matches(file, pattern)) &&
      !spec['exclude-paths'].some((pattern) => matches(file, pattern)),
  );
  if (files.length === 0)
    throw new ArtifactError(`no matching artifact paths found for ${spec.files.join(', ')}`);
  for (const file of files) {
    const target = path.join(to, isYes(spec['discard-paths']) ? path.basename(file) : file);
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.cpSync(path.join(base, file), target, {
      ...(keepsLinks ? { verbatimSymlinks: true } : { dereference: true }),
      mode: fs.constants.COPYFILE_FICLONE,
    });
  }
}

function matches(file: string, pattern: string): boolean {
  const clean = pattern.replace(/^\.\//, '');
  return file === clean || minimatch(file, clean, GLOB);
}

function isYes(given: boolean | 'yes' | 'no'): boolean {
  return given === true || given === 'yes';
}

/** Files below a folder, relative; through links to folders unless links are kept. */
function filesUnder(
  base: string,
  keepsLinks: boolean,
  relative = '',
  above: readonly string[] = [],
): string[] {
  const folder = path.join(base, relative);
  const real = fs.realpathSync(folder);
  if (above.includes(real)) return []; // a link to a folder above: its files are there already
  return fs.readdirSync(folder).flatMap((name) => {
    const file = path.join(relative, name);
    const full = path.join(base, file);
    const stat = keepsLinks ? fs.lstatSync(full) : fs.statSync(full, { throwIfNoEntry: false });
    if (stat === undefined) return []; // a link to nothing
    return stat.isDirectory() ? filesUnder(base, keepsLinks, file, [...above, real]) : [file];
  });
}
