import { z } from 'zod';

const shift = {
  percentage: z.int().min(1).max(50).default(10).describe('Share of the traffic in a step, in per cent'),
};

/** How a new version takes the traffic. */
export const release = z
  .discriminatedUnion('strategy', [
    z.strictObject({ strategy: z.literal('all-at-once').describe('All traffic moves at once') }),
    z.strictObject({
      strategy: z.literal('canary').describe('A share of the traffic moves first, the rest later'),
      ...shift,
      intervalMinutes: z
        .int()
        .min(1)
        .max(60)
        .default(5)
        .describe('Minutes between the first share and the rest'),
    }),
    z.strictObject({
      strategy: z.literal('linear').describe('Equal shares of the traffic move one after the other'),
      ...shift,
      intervalMinutes: z.int().min(1).max(60).default(1).describe('Minutes between two shares'),
    }),
  ])
  .describe('How CodeDeploy shifts traffic to a new version');

/** The load that a release is tried under. */
export const loadSmoke = z.strictObject({
  enabled: z
    .boolean()
    .optional()
    .describe('Whether the pipeline sends a load after each release; absent, in staging alone'),
  rps: z.number().min(1).max(100).default(20).describe('Requests in a second'),
  seconds: z
    .int()
    .min(5)
    .max(240)
    .default(30)
    .describe('How long it is sent, in seconds; the token of the synthetic person holds for 300'),
  p99Ms: z
    .int()
    .positive()
    .default(1_000)
    .describe('Longest that 99 of 100 answers may take, in milliseconds'),
  failedPercent: z
    .number()
    .min(0)
    .max(10)
    .default(0.5)
    .describe('Share of the requests that may fail, in per cent'),
});
