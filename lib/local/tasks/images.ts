import * as fs from 'node:fs';
import * as path from 'node:path';
import { TaskStartError } from './model';
import type { Registry } from './registry';

/** An image as a folder of this machine. */
export interface LocalImage {
  /** Folder that stands for the image's `/app`. */
  readonly root: string;
  /** What the image runs. */
  readonly command: readonly string[];
}

/** The application folder of the image, in its Dockerfile. */
const APP = '/app/';

/**
 * What tasks are started from: what a rehearsed pipeline pushed, or else, where the CDK published an image of this
 * repository, a copy of the built API for every tag, so that a task of an earlier revision that starts again runs what
 * it ran before.
 */
export class Images {
  /**
   * @param folder - where the copies are kept
   * @param builtApp - folder that the API was last built into
   * @param registry - what was pushed; undefined where no pipeline is played
   */
  constructor(
    private readonly folder: string,
    private readonly builtApp: string,
    private readonly registry?: Registry,
  ) {}

  /**
   * The folder of an image that was pushed, or that the CDK published from this repository.
   *
   * @throws TaskStartError for any other image: it cannot be run without a container runtime
   */
  pull(image: string): LocalImage {
    const pushed = this.registry?.digestOf(image);
    if (this.registry !== undefined && pushed !== undefined) return local(this.registry.bundle(pushed));
    const tag = /\/cdk-[a-z0-9]+-container-assets-\d{12}-[a-z0-9-]+:([A-Za-z0-9._-]+)$/.exec(image)?.[1];
    if (tag === undefined)
      throw new TaskStartError(`CannotPullContainerError: ${image} is not built from this repository`);
    const root = path.join(this.folder, tag);
    if (!fs.existsSync(root)) {
      fs.mkdirSync(this.folder, { recursive: true });
      const half = fs.mkdtempSync(path.join(this.folder, '.pull-'));
      fs.cpSync(this.builtApp, half, { recursive: true });
      fs.renameSync(half, root);
    }
    return local(root);
  }
}

function local(root: string): LocalImage {
  return { root, command: [process.execPath, path.join(root, 'main.js')] };
}

/** A command of the definition, with the image's paths and its `node` as they are here. */
export function localCommand(image: LocalImage, command: readonly string[]): string[] {
  return command.map((part) =>
    part === 'node'
      ? process.execPath
      : part.startsWith(APP)
        ? path.join(image.root, part.slice(APP.length))
        : part,
  );
}
