import type { Finding } from '../release/guard/model';
import type { Review } from './model';

/** What a review comes to, in numbers. */
export interface Counts {
  /** Resources that are new. */
  readonly added: number;
  /** Resources that change where they stand. */
  readonly changed: number;
  /** Resources that are made anew, or may be. */
  readonly replaced: number;
  /** Resources that leave their stack. */
  readonly removed: number;
  /** Changes that need leave, of each kind. */
  readonly findings: Readonly<Record<Finding['kind'], number>>;
  /** Changes that need leave and have none, in stacks with a guard: what it will refuse. */
  readonly refused: number;
  /** The same in stacks without one: what nobody but the approver stops. */
  readonly unguarded: number;
  /** Migrations that are pending. */
  readonly migrations: number;
  /** Of those, such as run only once the older release is gone. */
  readonly contracts: number;
  /** Of those, such as lose data. */
  readonly losing: number;
}

/** Counts what a review tells. */
export function countsOf({ stacks, schema }: Pick<Review, 'stacks' | 'schema'>): Counts {
  const changes = stacks.flatMap(({ judged }) => judged.changes);
  const findings = stacks.flatMap(({ judged }) => judged.findings);
  const anew = changes.filter(({ action, replacement }) => action === 'Modify' && replacement !== 'False');
  const of = (kind: Finding['kind']): number => findings.filter((one) => one.kind === kind).length;
  const acted = (wanted: string): number => changes.filter(({ action }) => action === wanted).length;
  return {
    added: acted('Add'),
    changed: acted('Modify') - anew.length,
    replaced: anew.length,
    removed: acted('Remove'),
    findings: { traffic: of('traffic'), data: of('data'), iam: of('iam'), network: of('network') },
    refused: without(stacks.filter(({ guarded }) => guarded)),
    unguarded: without(stacks.filter(({ guarded }) => !guarded)),
    migrations: schema.pending.length,
    contracts: schema.pending.filter(({ phase }) => phase === 'contract').length,
    losing: schema.pending.filter(({ destructive }) => destructive).length,
  };
}

function without(stacks: Review['stacks']): number {
  return stacks.flatMap(({ judged }) => judged.findings).filter(({ waiver }) => waiver === undefined).length;
}
