import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { z } from 'zod';

// Stands for `docker` in a build on a machine without a container engine. No image is made: `build` runs the bundling
// command of the Dockerfile's build stage over the context, `push` leaves the bundle where the account's tasks start
// it from, and the digest is that of the bundle. Whatever else is asked is refused.

const environment = z
  .object({
    REHEARSAL_IMAGES: z
      .string()
      .transform((text) => z.record(z.string(), z.string()).parse(JSON.parse(text))),
    REHEARSAL_MODULES: z.string(),
    REHEARSAL_BUNDLES: z.string(),
  })
  .parse(process.env);

const TAGS = path.join(environment.REHEARSAL_BUNDLES, 'tags.json');

function readTags(): Record<string, string> {
  return fs.existsSync(TAGS) ? (JSON.parse(fs.readFileSync(TAGS, 'utf8')) as Record<string, string>) : {};
}

function keepTag(tag: string, digest: string): void {
  fs.writeFileSync(TAGS, JSON.stringify({ ...readTags(), [tag]: digest }, null, 2));
}

/** The folder that the Dockerfile's last stage takes from its build stage, and the command that fills it. */
function recipe(dockerfile: string): { readonly command: string; readonly folder: string } {
  const text = fs.readFileSync(dockerfile, 'utf8');
  const workdir = /^WORKDIR\s+(\S+)/m.exec(text)?.[1] ?? '/';
  const command = [...text.matchAll(/^RUN\s+(.+)$/gm)].map(([, run]) => run ?? '').at(-1);
  const copied = /^COPY\s+--from=\S+(?:\s+--\S+)*\s+(\S+)\s+\S+$/m.exec(text)?.[1];
  if (command === undefined || copied === undefined || !copied.startsWith(`${workdir}/`))
    throw new Error(
      `${dockerfile} is not of the shape that this stand-in knows: a build stage and one COPY of it.`,
    );
  return { command, folder: copied.slice(workdir.length + 1) };
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
  const { command, folder } = recipe(path.resolve(context, value('--file', '-f')[0] ?? 'Dockerfile'));
  fs.mkdirSync(environment.REHEARSAL_BUNDLES, { recursive: true });
  const work = fs.mkdtempSync(path.join(environment.REHEARSAL_BUNDLES, '.build-'));
  fs.cpSync(context, work, { recursive: true });
  fs.rmSync(path.join(work, 'node_modules'), { recursive: true, force: true });
  fs.symlinkSync(environment.REHEARSAL_MODULES, path.join(work, 'node_modules'));
  execFileSync('/bin/sh', ['-c', command], { cwd: work, stdio: 'inherit' });
  const built = path.join(work, folder);
  const digest = digestOf(built);
  const bundle = path.join(environment.REHEARSAL_BUNDLES, digest);
  if (!fs.existsSync(bundle)) fs.renameSync(built, bundle);
  fs.rmSync(work, { recursive: true, force: true });
  for (const tag of value('--tag', '-t')) keepTag(tag, digest);
  process.stdout.write(`No container engine: bundle sha256:${digest} stands for the image.\n`);
  if (args.includes('--push')) value('--tag', '-t').forEach(push);
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
  const [, account, tag] = /(\d{12}).*?:([A-Za-z0-9_.-]+)$/.exec(reference) ?? [];
  const images = environment.REHEARSAL_IMAGES[account ?? ''];
  if (images === undefined || tag === undefined)
    throw new Error(`${reference} is in the registry of no account of this rehearsal.`);
  const to = path.join(images, tag);
  fs.mkdirSync(images, { recursive: true });
  if (!fs.existsSync(to)) {
    const half = fs.mkdtempSync(path.join(images, '.push-'));
    fs.cpSync(path.join(environment.REHEARSAL_BUNDLES, digest), half, { recursive: true });
    fs.renameSync(half, to);
  }
  process.stdout.write(`${tag}: digest: sha256:${digest}\n`);
}

const [verb = '', ...args] = process.argv.slice(2);
const verbs: Readonly<Record<string, () => void>> = {
  build: () => build(args),
  buildx: () => build(args.slice(1)),
  tag: () => keepTag(args[1] ?? '', bundleOf(args[0] ?? '')),
  push: () => push(args.at(-1) ?? ''),
  inspect: () => void process.stdout.write(`[{"Id":"sha256:${bundleOf(args.at(-1) ?? '')}"}]\n`),
  login: () => void process.stdout.write('Login Succeeded\n'),
  version: () => void process.stdout.write('stand-in\n'),
};
const call = verbs[verb];
try {
  if (call === undefined)
    throw new Error(`This machine has no container engine, and docker ${verb} is not stood in for.`);
  call();
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
