import * as z from 'zod';

/** Longest slice that may be asked for, in seconds: what a function may run, less what it needs to end well. */
export const LONGEST_SLICE_SECONDS = 840;

/** Longest name of a release. */
const RELEASE = 40;

const phase = z.enum(['expand', 'contract']);
const id = z.int().min(0).max(9999);

/** What goes into the history: printable, and short enough to be read there. */
const words = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .regex(/^[\x20-\x7e]+$/, 'printable ASCII');

/** The engine's `Request`, as JSON. */
const request = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('status') }),
  z.strictObject({ action: z.literal('lock') }),
  z.strictObject({ action: z.literal('drift') }),
  z.strictObject({ action: z.literal('compatible'), release: words(RELEASE) }),
  z.strictObject({ action: z.literal('plan'), phase: phase.exactOptional(), to: id.exactOptional() }),
  z.strictObject({
    action: z.literal('up'),
    phase: phase.exactOptional(),
    to: id.exactOptional(),
    approve: z
      .string()
      .regex(/^[0-9a-f]{8,64}$/, 'the digest of a plan')
      .exactOptional(),
    restorePoint: z.string().min(1).max(300).exactOptional(),
  }),
  z.strictObject({ action: z.literal('down'), to: id, allowLoss: z.boolean().exactOptional() }),
  z.strictObject({ action: z.literal('repair') }),
  z.strictObject({ action: z.literal('baseline'), to: id }),
]);

/** What the runner function is invoked with. */
export const invocationSchema = z.strictObject({
  /** What to do. */
  request,
  /** Who asks, for the history. */
  runner: z.strictObject({ release: words(RELEASE), commit: words(64), actor: words(300) }),
  /** Seconds after which the function answers `continue` and waits to be called again; absent, as late as it can. */
  sliceSeconds: z.number().min(1).max(LONGEST_SLICE_SECONDS).exactOptional(),
});

/** What the runner function is invoked with. */
export type Invocation = z.output<typeof invocationSchema>;
