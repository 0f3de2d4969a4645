import type { TemplateResource } from './model';
import { placesOf, valueAt } from './places';
import { PROTECTIONS } from './protections';
import { choices, isAbsent, isSame, show } from './values';

/** A change that does harm where the resource stays. */
export interface Harm {
  /** The change, the same words for the same change. */
  readonly change: string;
  /** What it does, as the end of a sentence. */
  readonly harm: string;
}

/** The protections of a resource that a change makes weaker, or that only the deployment tells from then on. */
export function weakenedIn(was: TemplateResource, is: TemplateResource): readonly Harm[] {
  return (PROTECTIONS[is.Type] ?? []).flatMap(({ at, strength, harm }) =>
    placesOf(was.Properties, typeof at === 'string' ? at.split('.') : at).flatMap((place) => {
      const [old, now] = [was, is].map(({ Properties }) => valueAt(Properties, place));
      // What only the deployment tells was the strongest and becomes the weakest.
      const before = branches(old).map((one) => strength(one) ?? Infinity);
      const after = branches(now).map(strength);
      const weakest = Math.min(...after.map((one) => one ?? -Infinity));
      if (isSame(old, now) || weakest >= Math.max(...before)) return [];
      const unsure = after.includes(undefined) ? ', unless what only the deployment tells is as strong' : '';
      const change = `take ${place.join('.')} from ${told(old)} to ${told(now)}`;
      return [{ change, harm: `${harm}${unsure}` }];
    }),
  );
}

function branches(value: unknown): readonly unknown[] {
  return isAbsent(value) ? [undefined] : choices(value).map((one) => (isAbsent(one) ? undefined : one));
}

function told(value: unknown): string {
  return isAbsent(value) ? 'unset' : show(value);
}
