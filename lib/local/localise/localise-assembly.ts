import * as crypto from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { z } from 'zod';
import { localiseTemplate, type LocaliseOptions } from './localise-template';
import { parseTemplate } from './template';

const manifestSchema = z.looseObject({
  artifacts: z
    .record(
      z.string(),
      z.looseObject({
        type: z.string(),
        environment: z.string().optional(),
        properties: z.record(z.string(), z.json()).optional(),
      }),
    )
    .default({}),
});

const assetsSchema = z.looseObject({ dockerImages: z.record(z.string(), z.json()).default({}) });

/** One stack's template in a cloud assembly. */
export interface AssemblyTemplate {
  /** Absolute path. */
  readonly file: string;
  /** The hash that its upload is named by, as the manifests know it. */
  readonly assetHash: string | undefined;
  /** Twelve-digit account that it is deployed to; nothing when the stack does not say. */
  readonly account: string | undefined;
}

/** How a whole assembly is localised. */
export interface LocaliseAssembly {
  /** How the templates of an account are. */
  readonly of: (account: string | undefined) => LocaliseOptions;
  /** Whether image assets stay, for a publisher that has a container engine or a stand-in of one. */
  readonly keepImages: boolean;
}

/**
 * Writes a localised copy of a synthesised cloud assembly; the original stays as it is. A copy is made beside
 * its place first, so an interrupted one is never taken for whole.
 *
 * @param from - folder of the synthesised assembly
 * @param to - folder of the copy; replaced when there
 * @returns a hash of all localised templates and assets: the same hash deploys the same
 */
export function localiseAssembly(
  from: string,
  to: string,
  options: LocaliseOptions | LocaliseAssembly,
): string {
  const how = 'of' in options ? options : { of: () => options, keepImages: false };
  const beside = `${to}.new`;
  fs.rmSync(beside, { recursive: true, force: true });
  fs.cpSync(from, beside, { recursive: true });
  const hash = crypto.createHash('sha256');
  for (const dir of assemblyFolders(beside)) localiseFolder(dir, how, hash);
  fs.rmSync(to, { recursive: true, force: true });
  fs.renameSync(beside, to);
  return hash.digest('hex');
}

/** The templates of a cloud assembly and of the stages in it. */
export function templatesOf(assembly: string): AssemblyTemplate[] {
  return assemblyFolders(assembly).flatMap((dir) =>
    Object.values(readManifest(dir).artifacts)
      .filter(({ type }) => type === 'aws:cloudformation:stack')
      .map(({ properties = {}, environment }) => ({
        file: path.join(dir, z.string().parse(properties['templateFile'])),
        assetHash: assetHash(properties['stackTemplateAssetObjectUrl']),
        account: /^aws:\/\/(\d{12})\//.exec(environment ?? '')?.[1],
      })),
  );
}

function assetHash(url: unknown): string | undefined {
  return typeof url === 'string' ? /\/([0-9a-f]{64})\.json/.exec(url)?.[1] : undefined;
}

function localiseFolder(dir: string, how: LocaliseAssembly, hash: crypto.Hash): void {
  const renamed = new Map<string, string>();
  for (const { file, assetHash, account } of templatesOf(dir).filter(
    (template) => path.dirname(template.file) === dir,
  )) {
    const text = JSON.stringify(
      localiseTemplate(parseTemplate(fs.readFileSync(file, 'utf8')), how.of(account)),
      null,
      1,
    );
    fs.writeFileSync(file, text);
    hash.update(text);
    // Otherwise the CDK would not upload a template that is localised in another way than before.
    if (assetHash !== undefined)
      renamed.set(assetHash, crypto.createHash('sha256').update(text).digest('hex'));
  }
  const manifests = fs
    .readdirSync(dir)
    .filter((name) => name === 'manifest.json' || name.endsWith('.assets.json'));
  for (const name of manifests) {
    const file = path.join(dir, name);
    let text = fs.readFileSync(file, 'utf8');
    for (const [before, after] of renamed) text = text.replaceAll(before, after);
    fs.writeFileSync(file, name === 'manifest.json' || how.keepImages ? text : withoutImages(text));
  }
}

/** No image is built or pushed: tasks run as local processes. */
function withoutImages(text: string): string {
  return JSON.stringify({ ...assetsSchema.parse(JSON.parse(text)), dockerImages: {} }, null, 1);
}

function assemblyFolders(assembly: string): string[] {
  const nested = Object.values(readManifest(assembly).artifacts)
    .filter(({ type }) => type === 'cdk:cloud-assembly')
    .map(({ properties = {} }) => path.join(assembly, z.string().parse(properties['directoryName'])));
  return [assembly, ...nested.flatMap(assemblyFolders)];
}

function readManifest(dir: string): z.output<typeof manifestSchema> {
  return manifestSchema.parse(JSON.parse(fs.readFileSync(path.join(dir, 'manifest.json'), 'utf8')));
}
