import type { AutoRollback } from '../model/catalogue';

/** Why a deployment does not go on. */
export class Ended extends Error {
  constructor(
    /** Status that it ends with. */
    readonly status: 'Failed' | 'Stopped',
    /** Error code, as the API has it. */
    readonly code: string,
    /** What to tell. */
    message: string,
    /** The configured event that it counts as. */
    readonly trigger: AutoRollback['events'][number] = 'DEPLOYMENT_FAILURE',
  ) {
    super(message);
    this.name = 'Ended';
  }
}

/** A failure with its code. */
export function failed(code: string, message: string): Ended {
  return new Ended('Failed', code, message);
}
