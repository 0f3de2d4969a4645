import type { Entity } from '../estate/estate';
import { flowsOf } from '../phi/flows';
import { failure, type Verdict } from '../template-rules/rule';
import type { EstateRule } from './rule';

/** Health data is encrypted on each step of its way. */
export const flowsEncrypted: EstateRule = {
  id: 'TemplateFlowEncrypted',
  controls: ['164.312(e)(1)', '164.312(e)(2)(i)', '164.312(e)(2)(ii)'],
  rationale: 'Health data that goes one step of its way in the clear can be read and changed there.',
  mend: 'use TLS on the step: an HTTPS listener or target, rds.force_ssl, a policy that denies aws:SecureTransport false, groups that let port 443 out and not 80',
  looksAt:
    'listeners, target groups, databases, programs in the network, mail, and classified buckets, queues and topics of an environment with health data',
  judge: (estate) => {
    const judged = new Map<Entity, Exclude<Verdict, 'not-applicable'>>();
    for (const { decidedBy, encrypted, from, to, protection } of flowsOf(estate)) {
      if (!decidedBy) continue;
      if (!encrypted) judged.set(decidedBy, failure(`${from} → ${to}`, protection, 'encryption'));
      else if (!judged.has(decidedBy)) judged.set(decidedBy, 'compliant');
    }
    return judged;
  },
};
