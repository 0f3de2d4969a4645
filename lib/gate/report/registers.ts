import { z } from 'zod';

const day = z.iso.date();

/** An exception from a rule. */
export const exception = z.strictObject({
  id: z.string(),
  rule: z.string(),
  path: z.string().describe('Construct path that it was written for'),
  environment: z.string(),
  reason: z.string(),
  compensatingControl: z.string(),
  owner: z.string(),
  approvedBy: z.string(),
  ticket: z.string(),
  expires: day.describe('Last day it holds'),
  state: z.enum(['active', 'expiring', 'expired', 'unused']),
  covers: z.array(z.string()).describe('Paths of the resources it covers'),
});

/** One accepted finding's terms. */
export type Exception = z.infer<typeof exception>;

/** Leave for a change. */
export const leave = z.strictObject({
  path: z.string().describe('Construct path of the resource that it stands beside'),
  environment: z.string(),
  change: z.string().describe("The change, in the words of a release's guard"),
  reason: z.string(),
  owner: z.string(),
  approvedBy: z.string(),
  ticket: z.string(),
  expires: day.describe('Last day it holds'),
});

/** A reason for an action on every resource. */
export const wildcard = z.strictObject({
  path: z.string().describe('Construct path that the reason was written for'),
  environment: z.string(),
  action: z.string().describe('Action that is allowed on every resource'),
  reason: z.string(),
  covers: z.array(z.string()).describe('Paths of the policies that allow it'),
});

/** See {@link wildcard}. */
export type Wildcard = z.infer<typeof wildcard>;
