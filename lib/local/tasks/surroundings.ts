import type { LocalCloud } from '../cloud';
import type { TargetAddress } from '../load-balancer/model';
import type { Addresses } from './addresses';
import type { CredentialsServer } from './credentials-server';
import type { Images } from './images';
import type { Roles } from './roles';

/** What tasks live in. */
export interface Surroundings {
  /** The local AWS. */
  readonly cloud: LocalCloud;
  /** Assumes roles, as ECS. */
  readonly roles: Roles;
  /** Hands out the task roles' keys. */
  readonly credentials: CredentialsServer;
  /** Stands for the registry. */
  readonly images: Images;
  /** Gives addresses in the VPC. */
  readonly addresses: Addresses;
  /** Folder of the tasks' logs. */
  readonly logs: string;
  /** Registers a target and lets the load balancer know. */
  register(targetGroupArn: string, address: TargetAddress): Promise<void>;
  /** Deregisters a target and waits until it has finished its requests. */
  deregister(targetGroupArn: string, address: TargetAddress): Promise<void>;
  /** A task's process began or ended. */
  changed(): void;
}
