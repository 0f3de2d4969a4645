/** Where a public name leads on this machine. */
export interface Name {
  /** Such as `api.example.com`. */
  readonly host: string;
  /** Port that is asked for. */
  readonly port: number;
  /** Loopback port that answers instead. */
  readonly local: number;
}

/** Variable that a build's programs read the names from, as JSON. */
export const NAMES_VARIABLE = 'REHEARSAL_NAMES';
