import type { Report } from '../../report/model';
import type { Wildcard } from '../../report/registers';
import { many } from '../../report/words';
import { places } from './exceptions';
import { html, type Markup } from './markup';
import { tableSection } from './sections';
import { added } from './together';

/** Why policies allow actions on every resource: once for each reason that was written. */
export function wildcardsSection({ wildcards, environments }: Report): Markup {
  const names = environments.map(({ name }) => name);
  const groups = new Map<string, Wildcard[]>();
  for (const one of wildcards) added(groups, `${one.action}\n${one.reason}`, one);
  return tableSection(
    'wildcards',
    'Explained wildcards',
    ['Action on every resource', 'Reason', 'Where it was written'],
    [...groups.values()].flatMap((same) =>
      same
        .slice(0, 1)
        .map(({ action, reason }) => [html`<code>${action}</code>`, reason, places(same, names)]),
    ),
    'No policy needs a reason.',
    `Read from the code beside the policies; the synth refuses a reason that no policy needs. ${many(wildcards.length, 'reason')}, those of the same words together; wildcards.csv has a row for each, with its policies.`,
  );
}
