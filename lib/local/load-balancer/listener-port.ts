import type { PortBook } from '../ports';

/** Added to a listener's port for the loopback port: above the privileged and below the ephemeral ones. */
const PORT_OFFSET = 20_000;

/** Port of the test listener in the templates. */
const TEST_LISTENER_PORT = 8443;

/** The loopback port of the first load balancer's test listener, which hooks are told. */
export function claimTestListener(ports: PortBook, held?: (port: number) => boolean): Promise<number> {
  return claimListener(ports, TEST_LISTENER_PORT, held);
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
