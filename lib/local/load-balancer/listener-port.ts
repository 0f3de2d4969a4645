import { PUBLIC_LISTENER_PORT, TEST_LISTENER_PORT } from '../../shared/ports';
import type { PortBook } from '../ports';

/** Added to a listener's port for the loopback port: above the privileged and below the ephemeral ones. */
const PORT_OFFSET = 20_000;

/**
 * The loopback ports of the first load balancer's listeners as hooks are told them: `443=localhost:<port>,...`.
 *
 * @param held - whether a port in use is our own
 */
export async function claimHookListeners(ports: PortBook, held?: (port: number) => boolean): Promise<string> {
  const places: string[] = [];
  for (const listener of [PUBLIC_LISTENER_PORT, TEST_LISTENER_PORT])
    places.push(`${listener}=localhost:${await claimListener(ports, listener, held)}`);
  return places.join(',');
}

/**
 * The loopback port that stands for a listener.
 *
 * @param held - whether a port in use is our own
 * @param index - which load balancer, the oldest being 0
 */
export function claimListener(
  ports: PortBook,
  listenerPort: number,
  held?: (port: number) => boolean,
  index = 0,
): Promise<number> {
  return ports.claim(`${index + 1}/${listenerPort}`, PORT_OFFSET + listenerPort, held);
}
