import { Command } from 'commander';
import { REFUSED } from '../lib/shared/exit-codes';

/** A tool that is run by hand: a line that it cannot read is refused with the same code as any other bad input. */
export function command(name: string): Command {
  return new Command(name)
    .showHelpAfterError('(--help tells what it takes)')
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : REFUSED));
}
