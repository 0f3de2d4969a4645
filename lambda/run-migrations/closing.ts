import type { Client } from 'pg';
import type { Connect } from '../../lib/migrations/ports';

/** Connections that end with the call that opened them. */
export interface Closing {
  /** Opens one. */
  readonly connect: Connect;
  /** Ends those that nobody ended; a function that is frozen with one open would keep its locks. */
  close(): Promise<void>;
}

/** Longest that the server is waited for to say goodbye, in milliseconds; then the socket is closed without it. */
const GOODBYE_MS = 2_000;

/** Remembers what is opened. */
export function closing(connect: Connect): Closing {
  const open = new Set<Client>();
  return {
    connect: async (application) => {
      const client = await connect(application);
      open.add(client);
      client.once('end', () => open.delete(client));
      return client;
    },
    close: async () => {
      await Promise.all([...open].map(end));
    },
  };
}

async function end(client: Client): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(() => {
      client.connection.stream.destroy();
      resolve();
    }, GOODBYE_MS);
  });
  await Promise.race([client.end().catch(() => undefined), late]);
  clearTimeout(timer);
}
