import * as fs from 'node:fs';
import * as path from 'node:path';
import { z } from 'zod';

/** Digests by reference: `<account>.dkr.ecr.<region>.amazonaws.com/<repository>:<tag>`. */
const pushedSchema = z.record(z.string(), z.string());

/**
 * Stands for the registries of all accounts. A bundle, the folder that an image ships, stands for the image; it is kept
 * under its digest, and a tag that names one is never moved, as in a repository with immutable tags.
 */
export class Registry {
  /** @param folder - where bundles and the list of what was pushed are kept */
  constructor(private readonly folder: string) {}

  /** The folder of a bundle, whether it is there or not. @param digest - 64 hexadecimal digits */
  bundle(digest: string): string {
    return path.join(this.folder, digest);
  }

  /**
   * Names a bundle by a tag.
   *
   * @throws Error as ECR does, when the tag names another one
   */
  push(reference: string, digest: string): void {
    const pushed = this.pushed();
    const [, repository, tag] = /^\d{12}\.dkr\.ecr\.[^/]+\/(.+):([\w.-]+)$/.exec(reference) ?? [];
    if (repository === undefined) throw new Error(`${reference} is no reference in a registry of ECR.`);
    if ((pushed[reference] ?? digest) !== digest)
      throw new Error(
        `tag invalid: The image tag '${tag}' already exists in the '${repository}' repository and cannot be overwritten because the tag is immutable.`,
      );
    const file = this.file();
    fs.writeFileSync(`${file}.new`, JSON.stringify({ ...pushed, [reference]: digest }, undefined, 2));
    fs.renameSync(`${file}.new`, file);
  }

  /** Digest of what a reference names, by tag or by `@sha256:…`; nothing when it was never pushed there. */
  digestOf(reference: string): string | undefined {
    const pushed = this.pushed();
    const [, repository, digest] = /^(.+)@sha256:([0-9a-f]{64})$/.exec(reference) ?? [];
    if (repository === undefined) return pushed[reference];
    const there = Object.entries(pushed).some(
      ([one, its]) => its === digest && one.startsWith(`${repository}:`),
    );
    return there ? digest : undefined;
  }

  private file(): string {
    return path.join(this.folder, 'pushed.json');
  }

  private pushed(): Readonly<Record<string, string>> {
    const file = this.file();
    return fs.existsSync(file) ? pushedSchema.parse(JSON.parse(fs.readFileSync(file, 'utf8'))) : {};
  }
}
