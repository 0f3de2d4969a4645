import { type Harm, weakenedIn } from './harm';
import type { ChangeSet, TemplateResource } from './model';
import { isAbsent, isSame, referent, show } from './values';

const NAMES = ['DBClusterParameterGroupName', 'DBParameterGroupName'] as const;

/** Another group of parameters for a database, unless the templates show that it asks as much as the one before. */
export function regrouped(
  was: TemplateResource,
  is: TemplateResource,
  { before, after }: Pick<ChangeSet, 'before' | 'after'>,
): readonly Harm[] {
  return NAMES.flatMap((name) => {
    const [old, now] = [was.Properties?.[name], is.Properties?.[name]];
    if (isAbsent(old) || isAbsent(now) || isSame(old, now)) return [];
    const [left, taken] = [before[referent(old) ?? ''], after[referent(now) ?? '']];
    if (left && left.Type === taken?.Type && weakenedIn(left, taken).length === 0) return [];
    return [
      {
        change: `take ${name} from ${show(old)} to ${show(now)}`,
        harm: 'it may ask less of its connections',
      },
    ];
  });
}
