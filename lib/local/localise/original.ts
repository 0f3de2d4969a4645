import { z } from 'zod';
import { parseTemplate, type Resource, type Template } from './template';

/** Key in a localised resource's metadata that holds the resource as it was synthesised, as text. */
const ORIGINAL = 'local:original';
/** Resources that localisation adds beside those of the template. */
const COMPANION = 'Custom::LocalProperties';

/** Notes in a localised template what each resource was, for {@link originalTemplate}. */
export function keepOriginals(synthesised: Template, localised: Template): Template {
  const resources = Object.entries(localised.Resources).map(([id, resource]): [string, Resource] => {
    const original = synthesised.Resources[id];
    if (original === undefined || JSON.stringify(original) === JSON.stringify(resource))
      return [id, resource];
    const metadata = z.record(z.string(), z.json()).default({}).parse(resource['Metadata']);
    return [id, { ...resource, Metadata: { ...metadata, [ORIGINAL]: JSON.stringify(original) } }];
  });
  return { ...localised, Resources: Object.fromEntries(resources) };
}

/** The template as it was synthesised, from one that {@link keepOriginals} has noted it in. */
export function originalTemplate(localised: Template): Template {
  const resources = Object.entries(localised.Resources).flatMap(([id, resource]): [string, Resource][] => {
    if (resource.Type === COMPANION) return [];
    const kept = z.looseObject({ [ORIGINAL]: z.string() }).safeParse(resource['Metadata']);
    if (!kept.success) return [[id, resource]];
    const wrapped = `{"Resources":{"it":${kept.data[ORIGINAL]}}}`;
    return Object.values(parseTemplate(wrapped).Resources).map((original) => [id, original]);
  });
  return { ...localised, Resources: Object.fromEntries(resources) };
}
