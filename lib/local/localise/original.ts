import { z } from 'zod';
import { parseTemplate, type Resource, type Template } from './template';

/**
 * Key in the metadata of a localised resource that holds the resource as it was synthesised, as text; in the template's own,
 * everything of it but the resources.
 */
const ORIGINAL = 'local:original';
const noted = z.looseObject({ [ORIGINAL]: z.string() });
/** Resources that localisation adds beside those of the template. */
const COMPANION = 'Custom::LocalProperties';

/** Notes in a localised template what it was, for {@link originalTemplate}. */
export function keepOriginals(synthesised: Template, localised: Template): Template {
  const resources = Object.entries(localised.Resources).map(([id, resource]): [string, Resource] => {
    const original = synthesised.Resources[id];
    if (original === undefined || JSON.stringify(original) === JSON.stringify(resource))
      return [id, resource];
    const metadata = z.record(z.string(), z.json()).default({}).parse(resource['Metadata']);
    return [id, { ...resource, Metadata: { ...metadata, [ORIGINAL]: JSON.stringify(original) } }];
  });
  const rest = { ...synthesised, Resources: undefined };
  return {
    ...localised,
    Metadata: { [ORIGINAL]: JSON.stringify(rest) },
    Resources: Object.fromEntries(resources),
  };
}

/** The template as it was synthesised, from one that {@link keepOriginals} has noted it in. */
export function originalTemplate(localised: Template): Template {
  const resources = Object.entries(localised.Resources).flatMap(([id, resource]): [string, Resource][] => {
    if (resource.Type === COMPANION) return [];
    const kept = noted.safeParse(resource['Metadata']);
    if (!kept.success) return [[id, resource]];
    const wrapped = `{"Resources":{"it":${kept.data[ORIGINAL]}}}`;
    return Object.values(parseTemplate(wrapped).Resources).map((original) => [id, original]);
  });
  return { ...restOf(localised), Resources: Object.fromEntries(resources) };
}

/** What stands in it besides its resources. */
function restOf(localised: Template): Omit<Template, 'Resources'> {
  const kept = noted.safeParse(localised['Metadata']);
  return kept.success ? parseTemplate(kept.data[ORIGINAL]) : localised;
}
