import * as z from 'zod';
import { readPlace } from '../../lib/gate/vault/place';
import type { Judged } from '../../lib/gate/vault/release';
import { Vault, vaultClient } from '../../lib/gate/vault/vault';
import { kmsSigner } from './kms-signer';

/** What a step of the pipeline is told of the vault. */
export const VAULT_VARIABLES = {
  VAULT: z.string().startsWith('s3://'),
  BASELINES: z.string().startsWith('s3://'),
  SIGNING_KEY: z.string().startsWith('arn:'),
  LOCK: z.enum(['COMPLIANCE', 'GOVERNANCE']),
  YEARS: z.coerce.number().int().min(1),
};

type Told = z.output<z.ZodObject<typeof VAULT_VARIABLES>>;

/** Where the vault tells what was released. */
export function baselinesOf({ BASELINES }: Told): Vault {
  return new Vault(vaultClient(), readPlace(BASELINES));
}

/** The vault, and by what evidence in it is judged. */
export async function judgedBy(told: Told): Promise<Judged> {
  const { VAULT, SIGNING_KEY, LOCK: mode, YEARS: years } = told;
  return {
    vault: new Vault(vaultClient(), readPlace(VAULT)),
    trust: { publicKey: await kmsSigner(SIGNING_KEY).publicKey() },
    retention: { mode, years },
  };
}
