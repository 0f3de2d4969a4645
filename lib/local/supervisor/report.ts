import type { ServedListener } from '../load-balancer/load-balancer';
import type { ServiceStatus } from '../tasks/service-runner';

/** Whether something that the supervisor depends on answers. */
export type Reach = 'answers' | 'does not answer';

/** What the supervisor tells of itself and what it runs. */
export interface Report {
  /** The emulator. */
  readonly emulator: Reach;
  /** PostgreSQL. */
  readonly database: Reach;
  /** Listeners of the load balancer. */
  readonly listeners: readonly ServedListener[];
  /** Target groups with their targets. */
  readonly groups: readonly {
    readonly arn: string;
    readonly targets: readonly {
      readonly id: string;
      readonly port: number;
      readonly state: string;
      readonly reason: string;
    }[];
  }[];
  /** ECS services with their tasks. */
  readonly services: readonly ServiceStatus[];
  /** What went wrong last while following, if anything did. */
  readonly trouble?: string;
}
