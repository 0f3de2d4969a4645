import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { z } from 'zod';
import { Registry } from '../../tasks/registry';

// Stands for `docker` in a build. There is no registry that it could push to, so a bundle, the folder that the image
// ships, stands for the image: `build` makes it, `push` names it where the accounts' tasks start it from, and its digest is
// the image's. With a container engine the image is built by it and the bundle is taken out of it; without, the bundling
// command of the Dockerfile's build stage is run over the context. Whatever else is asked is refused.

const environment = z
  .object({
    REHEARSAL_MODULES: z.string(),
    REHEARSAL_BUNDLES: z.string(),
    REHEARSAL_ENGINE: z.string().optional(),
  })
  .parse(process.env);

const FOLDER = environment.REHEARSAL_BUNDLES;
const ENGINE = environment.REHEARSAL_ENGINE;
const TAGS = path.join(FOLDER, 'tags.json');
const registry = new Registry(FOLDER);

/** The engine's own images: tags that nobody has pushed yet. */
function readTags(): Record<string, string> {
  return fs.existsSync(TAGS) ? (JSON.parse(fs.readFileSync(TAGS, 'utf8')) as Record<string, string>) : {};
}

function keepTag(tag: string, digest: string): void {
  fs.writeFileSync(TAGS, JSON.stringify({ ...readTags(), [tag]: digest }, null, 2));
}

/** The folder that the Dockerfile's last stage takes from its build stage, where it goes, and the command that fills it. */
function recipe(dockerfile: string): {
  readonly command: string;
  readonly folder: string;
  readonly shipped: string;
} {
  const text = fs.readFileSync(dockerfile, 'utf8');
  const workdirs = [...text.matchAll(/^WORKDIR\s+(\S+)/gm)].map(([, folder]) => folder ?? '/');
  const command = [...text.matchAll(/^RUN\s+(.+)$/gm)].map(([, run]) => run ?? '').at(-1);
  const copied = /^COPY\s+--from=\S+(?:\s+--\S+)*\s+(\S+)\s+\S+$/m.exec(text)?.[1];
  const [workdir = '/'] = workdirs;
  if (command === undefined || copied === undefined || !copied.startsWith(`${workdir}/`))
    throw new Error(
      `${dockerfile} is not of the shape that this stand-in knows: a build stage and one COPY of it.`,
    );
  return { command, folder: copied.slice(workdir.length + 1), shipped: workdirs.at(-1) ?? '/' };
}

function build(args: readonly string[]): void {
  const value = (...names: string[]): string[] =>
    args.flatMap((arg, index) =>
      names.includes(arg)
        ? [args[index + 1] ?? '']
        : names.some((n) => arg.startsWith(`${n}=`))
          ? [arg.slice(arg.indexOf('=') + 1)]
          : [],
    );
  const context = path.resolve(args.at(-1) ?? '.');
  const tags = value('--tag', '-t');
  const dockerfile = path.resolve(context, value('--file', '-f')[0] ?? 'Dockerfile');
  fs.mkdirSync(FOLDER, { recursive: true });
  const work = fs.mkdtempSync(path.join(FOLDER, '.build-'));
  const built =
    ENGINE === undefined ? bundled(context, dockerfile, work) : taken(ENGINE, args, dockerfile, work);
  const digest = digestOf(built);
  if (!fs.existsSync(registry.bundle(digest))) fs.renameSync(built, registry.bundle(digest));
  fs.rmSync(work, { recursive: true, force: true });
  for (const tag of tags) keepTag(tag, digest);
  process.stdout.write(
    `${ENGINE === undefined ? 'No container engine: ' : ''}bundle sha256:${digest} stands for the image.\n`,
  );
  if (args.includes('--push')) tags.forEach(push);
}

/** The bundle as the build stage's command makes it from a copy of the context. */
function bundled(context: string, dockerfile: string, work: string): string {
  const { command, folder } = recipe(dockerfile);
  const left = new Set(['.git', 'node_modules'].map((name) => path.join(context, name)));
  fs.cpSync(context, work, { recursive: true, filter: (from) => !left.has(from) });
  fs.symlinkSync(environment.REHEARSAL_MODULES, path.join(work, 'node_modules'));
  execFileSync('/bin/sh', ['-c', command], { cwd: work, stdio: 'inherit' });
  return path.join(work, folder);
}

/** The bundle out of the image that the engine builds. */
function taken(engine: string, args: readonly string[], dockerfile: string, work: string): string {
  const idFile = path.join(work, 'image-id');
  const asked = args.filter((arg) => arg !== '--push');
  execFileSync(engine, ['buildx', 'build', '--load', '--iidfile', idFile, ...asked], { stdio: 'inherit' });
  const image = fs.readFileSync(idFile, 'utf8').trim();
  const made = execFileSync(engine, ['create', image], { encoding: 'utf8' }).trim();
  const bundle = path.join(work, 'bundle');
  execFileSync(engine, ['cp', `${made}:${recipe(dockerfile).shipped}`, bundle], { stdio: 'inherit' });
  execFileSync(engine, ['rm', made]);
  return bundle;
}

function digestOf(folder: string): string {
  const hash = createHash('sha256');
  for (const name of (fs.readdirSync(folder, { recursive: true }) as string[]).sort()) {
    const file = path.join(folder, name);
    if (fs.statSync(file).isFile()) hash.update(`${name}\0`).update(fs.readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

function bundleOf(tag: string): string {
  const digest = readTags()[tag];
  if (digest === undefined) throw new Error(`Error: No such image: ${tag}`);
  return digest;
}

function push(reference: string): void {
  const digest = bundleOf(reference);
  registry.push(reference, digest);
  process.stdout.write(`${reference}: digest: sha256:${digest}\n`);
}

/** Digest of what the registry has under a name, whatever format is asked for. */
function inspect(reference: string): void {
  const digest = registry.digestOf(reference);
  if (digest === undefined) throw new Error(`ERROR: ${reference}: not found`);
  process.stdout.write(`sha256:${digest}\n`);
}

const [verb = '', ...args] = process.argv.slice(2);
const verbs: Readonly<Record<string, () => void>> = {
  build: () => build(args),
  buildx: () => {
    if (args[0] === 'build') build(args.slice(1));
    else if (args[0] === 'imagetools' && args[1] === 'inspect') inspect(args[2] ?? '');
    else throw new Error(`docker buildx ${args.join(' ')} is not stood in for.`);
  },
  tag: () => keepTag(args[1] ?? '', bundleOf(args[0] ?? '')),
  push: () => push(args.at(-1) ?? ''),
  inspect: () => void process.stdout.write(`[{"Id":"sha256:${bundleOf(args.at(-1) ?? '')}"}]\n`),
  login: () => {
    if (fs.readFileSync(0, 'utf8').trim() === '') throw new Error('Error: Password Required');
    process.stdout.write('Login Succeeded\n');
  },
  version: () => void process.stdout.write('stand-in\n'),
};
const call = verbs[verb];
try {
  if (call === undefined) throw new Error(`docker ${verb} is not stood in for in a rehearsal.`);
  call();
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
