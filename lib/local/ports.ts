import * as fs from 'node:fs';
import * as net from 'node:net';

/** Whether nobody listens on this loopback port. */
export async function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** A loopback port that the system finds free. */
export async function anyFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', reject);
    server.listen({ port: 0, host: '127.0.0.1' }, () => {
      const { port } = server.address() as net.AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** Ports by name, kept in a file, so that addresses stay the same from one start to the next. */
export class PortBook {
  /** @param file - JSON file that the ports are kept in; made when absent; read anew each time, since books share it */
  constructor(private readonly file: string) {}

  /** The port kept for `name`, if one is. */
  known(name: string): number | undefined {
    return this.ports()[name];
  }

  /**
   * The port kept for `name` if it can be had, else the first free one from `preferred` upwards.
   *
   * @param held - whether a port in use is ours already, and so is not a stranger's
   */
  async claim(
    name: string,
    preferred: number,
    held: (port: number) => boolean = () => false,
  ): Promise<number> {
    const ports = this.ports();
    const kept = ports[name];
    if (kept !== undefined && (held(kept) || (await isFree(kept)))) return kept;
    const taken = new Set(Object.values(ports));
    for (let port = preferred; port < preferred + 500; port += 1)
      if (!taken.has(port) && (await isFree(port))) return this.keep(name, port);
    throw new Error(`No free port between ${preferred} and ${preferred + 499} for ${name}.`);
  }

  private keep(name: string, port: number): number {
    const half = `${this.file}.${process.pid}`;
    fs.writeFileSync(half, `${JSON.stringify({ ...this.ports(), [name]: port }, null, 2)}\n`);
    fs.renameSync(half, this.file);
    return port;
  }

  private ports(): Record<string, number> {
    return fs.existsSync(this.file)
      ? (JSON.parse(fs.readFileSync(this.file, 'utf8')) as Record<string, number>)
      : {};
  }
}
