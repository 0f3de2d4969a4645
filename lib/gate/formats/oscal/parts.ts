import { namedUuid } from '../uuid';

/** Namespace of properties that OSCAL itself does not name. */
const NS = 'urn:telehealth-platform:hipaa-evidence';

/** A property, or none where there is nothing to say. */
export function property(name: string, value: string): readonly object[] {
  const text = /\s/.test(value) ? value.replace(/\s+/g, ' ').trim() : value;
  return text === '' ? [] : [{ name, ns: NS, value: text }];
}

/** A citation such as 164.312(a)(1) as an id that OSCAL allows: `hipaa-164.312-a-1`. */
export function controlId(citation: string): string {
  return `hipaa-${citation.replaceAll(')', '').replaceAll('(', '-')}`;
}

/** A day as the time that OSCAL asks for. */
export function atDay(day: string): string {
  return `${day}T00:00:00Z`;
}

/** A list under its name, or nothing: OSCAL knows no empty lists. */
export function listed(name: string, items: readonly object[]): Readonly<Record<string, readonly object[]>> {
  return items.length === 0 ? {} : { [name]: items };
}

/** UUIDs of resources as subjects of observations, each made once. */
export function resourceUuids(): (path: string) => string {
  const made = new Map<string, string>();
  return (path) => {
    const known = made.get(path);
    if (known !== undefined) return known;
    const uuid = namedUuid('resource', path);
    made.set(path, uuid);
    return uuid;
  };
}
