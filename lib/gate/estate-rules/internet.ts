import type { Entity } from '../estate/estate';
import { pathsOf } from '../estate/network/paths';
import { openingOf } from '../phi/openings';
import { isWatched, storesOf } from '../phi/stores';
import { failure, type Verdict } from '../template-rules/rule';
import type { EstateRule } from './rule';

type Judged = Exclude<Verdict, 'not-applicable'>;

/** No way leads from the internet to a store, whichever resources it goes through. */
export const noInternetPath: EstateRule = {
  id: 'TemplateNoInternetPathToStore',
  controls: ['164.308(a)(4)(ii)(A)', '164.312(a)(1)', '164.312(e)(1)'],
  rationale:
    'Each resource may look right by itself: a store is open when routes, addresses, listeners and security groups together lead to it.',
  mend: 'take away one step of the path: the public address, the listener, the ingress of the group, or the statement for everybody',
  looksAt:
    'databases, caches and file systems in the network; classified buckets, tables, queues, topics and secrets',
  judge: (estate) => {
    const judged = new Map<Entity, Judged>();
    const { nodes, toStores } = pathsOf(estate);
    for (const { entity, role } of nodes) if (role === 'store') judged.set(entity, 'compliant');
    for (const { to, steps } of toStores)
      judged.set(to.entity, failure('a path', steps.join(' → '), 'no path from the internet'));
    for (const store of storesOf(estate)) {
      if (judged.has(store.entity) || !isWatched(store) || !store.kind) continue;
      const opening = openingOf(estate, store);
      judged.set(
        store.entity,
        opening === undefined
          ? 'compliant'
          : failure(
              'a path',
              `the internet → ${opening} → ${store.entity.path}`,
              'no path from the internet',
            ),
      );
    }
    return judged;
  },
};
