import { type AwsAccess, runRemotely } from '../migrations/remote';
import type { Clock, Progress } from './ports';
import type { Compatibility } from './rollback';

/** Where the database's own function is, and how to ask it. */
export interface CompatibilityOptions {
  /** Account of the environment. */
  readonly account: string;
  /** Name of its data stack. */
  readonly stack: string;
  /** As whom to ask. */
  readonly access: AwsAccess;
  /** Time. */
  readonly clock: Clock;
  /** Is told how it goes. */
  readonly progress: Progress;
}

/** Asks the function that tells of migrations, which is in the database's network and changes nothing. */
export function compatibilityOf(options: CompatibilityOptions): Compatibility {
  return async (release) => {
    const { outcome, problems } = await runRemotely(
      { action: 'compatible', release },
      { ...options, onlyLooks: true },
    );
    return outcome === 'done' ? [] : problems.map(({ message }) => message);
  };
}
