import * as path from 'node:path';
import type { CfnResource } from 'aws-cdk-lib';
import { ArtifactMetadataEntryType } from 'aws-cdk-lib/cloud-assembly-schema';
import type { Resource } from './ledger';

/** This repository's folder, which places are named from: no report tells where it stood. */
const ROOT = path.resolve(__dirname, '../..');

const CREATION: string = ArtifactMetadataEntryType.CREATION_STACK;

/** The line of this repository that made the resource, past the gate's own, as CDK noted it; undefined where it noted none. */
export function sourceOf(node: CfnResource): Resource['source'] {
  const noted = node.node.metadata.find(({ type }) => type === CREATION);
  const frames: unknown = noted?.data;
  if (!Array.isArray(frames)) return undefined;
  for (const frame of frames) {
    const [, file = '', line = ''] = /\(?(\/[^():]+\.ts):(\d+):\d+\)?/.exec(String(frame)) ?? [];
    const relative = path.relative(ROOT, file).split(path.sep).join('/');
    if (/^(lib|bin|test)\//.test(relative) && !relative.startsWith('lib/gate/'))
      return { file: relative, line: Number(line) };
  }
  return undefined;
}
