import { execFileSync, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { z } from 'zod';

const assetsSchema = z.looseObject({
  dockerImages: z
    .record(
      z.string(),
      z.looseObject({
        source: z.looseObject({ directory: z.string(), dockerFile: z.string().optional() }),
        destinations: z.record(
          z.string(),
          z.looseObject({ repositoryName: z.string(), imageTag: z.string(), region: z.string().optional() }),
        ),
      }),
    )
    .default({}),
});

/**
 * Pushes the image assets of a cloud assembly that are not there yet, by the stand-in of the container engine. The
 * emulator's registry says of every tag that it is there, so the publisher, which asks first, leaves them all out.
 *
 * @param environment - variables of the build, by which the stand-in is found
 * @returns what the stand-in printed
 */
export function pushImageAssets(assembly: string, environment: Readonly<Record<string, string>>): string {
  const files = (fs.readdirSync(assembly, { recursive: true }) as string[]).filter((file) =>
    /^(assembly-[^/]+\/)?[^/]+\.assets\.json$/.test(file),
  );
  let printed = '';
  const docker = (...args: string[]): void => {
    printed += execFileSync('docker', args, {
      env: environment,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  };
  const isPushed = (reference: string): boolean =>
    spawnSync('docker', ['buildx', 'imagetools', 'inspect', reference], { env: environment }).status === 0;
  const built = new Map<string, string>();
  for (const file of files) {
    const manifest = path.join(assembly, file);
    const { dockerImages } = assetsSchema.parse(JSON.parse(fs.readFileSync(manifest, 'utf8')));
    for (const { source, destinations } of Object.values(dockerImages))
      for (const { repositoryName, imageTag, region = '' } of Object.values(destinations)) {
        const account = /\d{12}/.exec(repositoryName)?.[0];
        if (account === undefined) continue;
        const reference = `${account}.dkr.ecr.${region}.amazonaws.com/${repositoryName}:${imageTag}`;
        const context = path.resolve(path.dirname(manifest), source.directory);
        if (isPushed(reference)) continue;
        const same = built.get(context);
        if (same === undefined)
          docker('build', '--tag', reference, '--file', source.dockerFile ?? 'Dockerfile', context);
        else docker('tag', same, reference);
        built.set(context, same ?? reference);
        docker('push', reference);
      }
  }
  return printed;
}
