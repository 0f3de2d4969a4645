import type { z } from 'zod';
import { Refused } from '../../lib/release/errors';
import type { Clock, Progress } from '../../lib/release/ports';
import { EXIT, type Result } from '../../lib/release/result';

/** The machine's own time and chance. */
export const CLOCK: Clock = {
  now: () => performance.now(),
  date: () => new Date(),
  sleep: (milliseconds, signal) =>
    new Promise((resolve) => {
      const ended = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', ended);
        resolve();
      };
      const timer = setTimeout(ended, milliseconds);
      signal?.addEventListener('abort', ended, { once: true });
      if (signal?.aborted) ended();
    }),
  random: () => Math.random(),
};

/** Progress goes where it does not mix with an answer that a program reads. */
export const tell: Progress = (line) => void process.stderr.write(`${line}\n`);

/** Prints an answer. */
export const print = (text: string): void => void process.stdout.write(`${text}\n`);

/** A signal that SIGINT and SIGTERM give; the second time they end the process at once. */
export function stopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const [name, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)
    process.on(name, () => {
      if (stop.signal.aborted) {
        tell('Left at once: what was asked of CodeDeploy goes on, and nobody watches it.');
        process.exit(code);
      }
      stop.abort();
      tell(`${name}: stopping. What runs is taken back; the same signal again leaves at once.`);
    });
  return stop.signal;
}

/** Tells how it ended and sets the exit code. */
export function finish(result: Result, json: boolean): void {
  if (json) print(JSON.stringify(result, undefined, 2));
  else print(result.words);
  process.exitCode = EXIT[result.outcome];
}

/** Tells what went wrong and sets the exit code. */
export function fail(error: unknown): void {
  tell(error instanceof Error ? error.message : String(error));
  process.exitCode = error instanceof Refused ? EXIT.refused : EXIT.failed;
}

/** The exit codes, for the help texts. */
export const EXIT_HELP = `
Exit codes:
  0  done, or nothing to do
  1  failed: the old version has the traffic again, or the last line says what has
  2  refused; nothing was changed
  3  interrupted or out of time: it was taken back
Ctrl-C and SIGTERM take the deployment back. A second one leaves at once.`;

/**
 * Reads what a step of the pipeline is told. A value may be a secret that was put in the wrong place, so none is repeated.
 * @throws Refused that names each variable that is missing or wrong
 */
export function readVariables<Schema extends z.ZodObject>(schema: Schema): z.output<Schema> {
  const parsed = schema.safeParse(process.env);
  if (parsed.success) return parsed.data;
  const names = parsed.error.issues.map(({ path }) => path.join('.'));
  throw new Refused(`These variables are missing or wrong: ${names.join(', ')}.`);
}
