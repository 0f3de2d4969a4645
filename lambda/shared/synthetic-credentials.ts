import * as z from 'zod';
import type { Credentials } from '../../lib/identity/model';

const form = z.strictObject({
  username: z.string().min(1),
  password: z.string().min(1),
  totpSecret: z.string().min(1),
});

/**
 * What the synthetic person signs in with.
 * @param secret - a version of the secret
 * @returns nothing for what no rotation wrote, such as the first value of a new secret
 */
export function readSyntheticCredentials(secret: string | undefined): Credentials | undefined {
  try {
    return form.safeParse(JSON.parse(secret ?? '')).data;
  } catch {
    return undefined;
  }
}
