import type { Entity } from '../estate/estate';
import { principalsOf } from '../estate/iam/principals';
import { silences } from '../phi/audit';
import { readersOf } from '../phi/readers';
import { mayHoldHealthData, storesOf } from '../phi/stores';
import type { Verdict } from '../template-rules/rule';
import type { EstateRule } from './rule';

/** Nobody reads health data and can silence what records it. */
export const noReaderSilencesAudit: EstateRule = {
  id: 'TemplateNoReaderSilencesAudit',
  controls: ['164.308(a)(1)(ii)(D)', '164.308(a)(3)(i)', '164.312(b)', '164.312(c)(1)'],
  rationale:
    'Who reads health data and can stop the trail, change the log or disable the key behind it leaves no trace of what was read.',
  mend: 'take one of the two away from the principal, or deny the silencing action without a condition in its policy or the resource’s',
  looksAt: 'roles, users and groups that can read health data',
  judge: (estate) => {
    const principals = principalsOf(estate);
    const reads = new Map<string, string[]>();
    for (const store of storesOf(estate).filter(mayHoldHealthData))
      for (const { name } of readersOf(estate, store))
        reads.set(name, [...(reads.get(name) ?? []), store.entity.path]);
    const judged = new Map<Entity, Exclude<Verdict, 'not-applicable'>>();
    for (const principal of principals) {
      const stores = reads.get(principal.entity.path);
      if (!stores) continue;
      const silencing = silences(estate, principal);
      judged.set(
        principal.entity,
        silencing.length === 0
          ? 'compliant'
          : {
              location: 'its policies',
              found: `It can read ${stores.join(', ')}, and can silence the audit of it: ${silencing.join('; ')}`,
            },
      );
    }
    return judged;
  },
};
