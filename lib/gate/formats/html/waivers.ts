import type { Report } from '../../report/model';
import { html, type Markup } from './markup';
import { tableSection } from './sections';

/** Leave for changes: what the guard of a release lets through. */
export function waiversSection({ waivers }: Report): Markup {
  return tableSection(
    'waivers',
    'Leave for changes',
    ['Until', 'Change', 'Environment', 'Resource', 'Reason', 'Answers for it'],
    waivers.map(({ change, environment, path, reason, owner, approvedBy, ticket, expires }) => [
      ...[expires, change, environment, path, reason],
      html`${owner}<br /><span class="small">approved by ${approvedBy}, ${ticket}</span>`,
    ]),
    'No change has leave.',
    'Written beside the resource in code; the guard of a release lets exactly this change through until that day. Whether the change is still to come no synth knows: what was used is taken out by hand.',
  );
}
