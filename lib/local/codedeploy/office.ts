import * as path from 'node:path';
import { Desk, type DeskProps } from './desk';
import { operationsOf } from './operations';
import { type Caller, endpointOf, serveProtocol } from './protocol/server';
import { Store } from './store';
import type { Switches } from './switches';

/** What the stand-in is made from. */
export interface OfficeProps extends Omit<DeskProps, 'store'> {
  /** Loopback port; 0 for any. */
  readonly port: number;
  /** Folder that deployments are kept in. */
  readonly folder: string;
  /** Account of a caller; nothing when its key is nobody's. */
  readonly accountOf: (caller: Caller) => Promise<string | undefined>;
}

/** The stand-in as it runs. */
export interface Office {
  /** Where it is spoken to. */
  readonly endpoint: string;
  /** Runs deployments. */
  readonly desk: Desk;
  /** Ends it; deployments stay where they are until it is opened again. */
  close(): Promise<void>;
}

/** Opens the stand-in of CodeDeploy and goes on with the deployments that an earlier one left. */
export async function openOffice(props: OfficeProps): Promise<Office> {
  const desk = new Desk({ ...props, store: new Store(path.join(props.folder, 'deployments')) });
  const operations = operationsOf({ desk, accountOf: props.accountOf });
  const names = (): Switches['errorNames'] => props.behaviour().switches.errorNames;
  const server = await serveProtocol(props.port, operations, names);
  desk.resume();
  return {
    endpoint: endpointOf(server),
    desk,
    close: async () => {
      desk.leave();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}
