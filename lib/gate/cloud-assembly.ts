import * as fs from 'node:fs';
import * as path from 'node:path';
import { z } from 'zod';

const manifestSchema = z.object({
  artifacts: z
    .record(
      z.string(),
      z.object({
        type: z.string(),
        environment: z.string().optional(),
        properties: z
          .object({ templateFile: z.string().optional(), directoryName: z.string().optional() })
          .default({}),
      }),
    )
    .default({}),
});

/** A stack of a cloud assembly. */
export interface AssemblyStack {
  /** Its template, relative to the assembly's top folder. */
  readonly template: string;
  /** Where it is deployed, as `aws://<account>/<region>`. */
  readonly environment: string;
}

/** Every stack of the assembly and of the stages nested in it. */
export function stacksOf(top: string, folder = ''): AssemblyStack[] {
  const manifest = manifestSchema.parse(
    JSON.parse(fs.readFileSync(path.join(top, folder, 'manifest.json'), 'utf8')),
  );
  return Object.values(manifest.artifacts).flatMap(
    ({ type, environment = 'aws://unknown-account/unknown-region', properties }) => {
      if (type === 'cdk:cloud-assembly' && properties.directoryName !== undefined)
        return stacksOf(top, path.posix.join(folder, properties.directoryName));
      return type === 'aws:cloudformation:stack' && properties.templateFile !== undefined
        ? [{ template: path.posix.join(folder, properties.templateFile), environment }]
        : [];
    },
  );
}
