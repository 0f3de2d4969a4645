import * as net from 'node:net';

/** A relay in front of the database that can be cut or fall silent, as networks do. */
export class Proxy {
  private readonly sockets = new Set<net.Socket>();
  private silent = false;

  private constructor(
    private readonly server: net.Server,
    /** Port on 127.0.0.1. */
    readonly port: number,
  ) {}

  /** @param target - port of the database on 127.0.0.1 */
  static async before(target: number): Promise<Proxy> {
    const server = net.createServer({ allowHalfOpen: true });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const proxy = new Proxy(server, (server.address() as net.AddressInfo).port);
    server.on('connection', (socket) => proxy.relay(socket, target));
    return proxy;
  }

  /** Resets every connection; new ones are let through. */
  cut(): void {
    for (const socket of this.sockets) socket.resetAndDestroy();
  }

  /** Passes nothing on any more, of new connections neither, and tells nobody. */
  fallSilent(): void {
    this.silent = true;
    for (const socket of this.sockets) socket.unpipe().pause();
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private relay(socket: net.Socket, target: number): void {
    this.keep(socket);
    if (this.silent) return;
    const upstream = this.keep(net.connect({ port: target, host: '127.0.0.1', allowHalfOpen: true }));
    socket.pipe(upstream).pipe(socket);
    for (const [end, other] of [
      [socket, upstream],
      [upstream, socket],
    ] as const)
      end.on('close', () => {
        if (!this.silent) other.destroy();
      });
  }

  private keep(socket: net.Socket): net.Socket {
    this.sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => this.sockets.delete(socket));
    return socket;
  }
}
