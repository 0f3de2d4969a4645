import * as z from 'zod';

/** The pre-token-generation trigger needs no variable of its own. */
export const preTokenGenerationSchema = z.object({});
