import * as fs from 'node:fs';
import * as path from 'node:path';
import { type Deployment, deploymentSchema } from './model/deployment';

/** Keeps deployments in a folder, a file for each, so that they outlive the process. */
export class Store {
  private readonly kept = new Map<string, Deployment>();

  /** @param folder - made when it is not there */
  constructor(private readonly folder: string) {
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    const files = fs.readdirSync(folder).filter((name) => name.endsWith('.json'));
    const read = files.map((name) =>
      deploymentSchema.parse(JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8'))),
    );
    for (const deployment of read.sort((a, b) => a.createTime - b.createTime))
      this.kept.set(deployment.id, deployment);
  }

  /** All, the oldest first. */
  all(): readonly Deployment[] {
    return [...this.kept.values()];
  }

  /** The one with this id. */
  find(id: string): Deployment | undefined {
    return this.kept.get(id);
  }

  /** Writes one as it is now. */
  save(deployment: Deployment): void {
    this.kept.set(deployment.id, deployment);
    const file = path.join(this.folder, `${deployment.id}.json`);
    fs.writeFileSync(`${file}.new`, JSON.stringify(deployment), { mode: 0o600 });
    fs.renameSync(`${file}.new`, file);
  }
}
