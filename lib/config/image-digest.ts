import { z } from 'zod';
import { ConfigurationError, show } from './problem';

/** The context value that the pipeline hands the digest of its image over in. */
const CONTEXT = 'image';

const EXPECTED = '"sha256:" and 64 hexadecimal digits, as the image step of the pipeline exports them';
const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);

/**
 * The digest of the image that the pipeline built, as `--context image=<digest>` gives it.
 * @param value - the context value; undefined in a synth outside the pipeline
 * @returns undefined when there is none
 * @throws ConfigurationError when it is no digest: an image step that ended without one must not pass for a laptop
 */
export function imageDigest(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  const parsed = digest.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ConfigurationError([
    {
      path: `context.${CONTEXT}`,
      value: show(value),
      expected: EXPECTED,
      mend: 'leave it out on a laptop; in the pipeline, see the log of the action Image',
    },
  ]);
}
