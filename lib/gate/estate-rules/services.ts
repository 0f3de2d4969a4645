import type { Entity } from '../estate/estate';
import { LIST_DATED, serviceOf } from '../phi/services';
import { failure, type Verdict } from '../template-rules/rule';
import type { EstateRule } from './rule';

/** What the environment consists of is on the list of services that AWS signs for. */
export const servicesEligible: EstateRule = {
  id: 'TemplateServiceEligible',
  controls: ['164.308(b)(1)'],
  rationale: `The business associate agreement covers the services that AWS lists; the list here is of ${LIST_DATED}.`,
  mend: 'use a listed service; or, when AWS has listed it since, add it to lib/gate/phi/services.ts with the date of the list',
  looksAt: 'every resource of a service that may hold or carry health data',
  judge: (estate) => {
    const judged = new Map<Entity, Exclude<Verdict, 'not-applicable'>>();
    for (const entity of estate.entities) {
      const { name, standing } = serviceOf(entity.type);
      if (standing === 'eligible') judged.set(entity, 'compliant');
      else if (standing === 'not listed')
        judged.set(
          entity,
          failure('Type', `${entity.type} (${name})`, `a service of the list of ${LIST_DATED}`),
        );
    }
    return judged;
  },
};
