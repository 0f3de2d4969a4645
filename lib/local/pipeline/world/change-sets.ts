import { originalTemplate } from '../../localise/original';
import { parseTemplate, type Template } from '../../localise/template';

const ENTITIES: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#x27;': "'",
  '&#39;': "'",
  '&apos;': "'",
  '&amp;': '&',
};
const BODY = /<TemplateBody>([\s\S]*)<\/TemplateBody>/;
const CHANGE =
  /<member><Type>Resource<\/Type><ResourceChange>((?:(?!<\/ResourceChange>)[\s\S])*)<\/ResourceChange><\/member>/g;

/** The template in an answer of GetTemplate, as it was synthesised. */
export function templateIn(answer: string): Template | undefined {
  const text = BODY.exec(answer)?.[1];
  const plain = text === undefined ? '' : unescaped(text);
  return plain.startsWith('{') ? originalTemplate(parseTemplate(plain)) : undefined;
}

/** An answer of GetTemplate with the template as it was synthesised. */
export function withOriginal(answer: string): string {
  const template = templateIn(answer);
  if (template === undefined) return answer;
  return answer.replace(BODY, () => `<TemplateBody>${escaped(JSON.stringify(template))}</TemplateBody>`);
}

/** An answer of DescribeChangeSet in the types and properties of the synthesised templates on both of its sides. */
export function withOriginals(answer: string, before: Template, after: Template): string {
  return answer.replace(CHANGE, (member, change: string) => {
    const id = /<LogicalResourceId>([^<]*)</.exec(change)?.[1] ?? '';
    const [old, made] = [before.Resources[id], after.Resources[id]];
    const type = (made ?? old)?.Type;
    // What localisation adds is in neither template.
    if (type === undefined) return '';
    if (change.includes(`<ResourceType>${type}</ResourceType>`)) return member;
    const names = [
      ...new Set([...Object.keys(old?.Properties ?? {}), ...Object.keys(made?.Properties ?? {})]),
    ];
    const changed = names.filter(
      (name) => JSON.stringify(old?.Properties?.[name]) !== JSON.stringify(made?.Properties?.[name]),
    );
    const details = old === undefined || made === undefined ? [] : changed;
    return member
      .replace(/<ResourceType>[^<]*</, `<ResourceType>${type}<`)
      .replace(/<Details>[\s\S]*<\/Details>/, () => `<Details>${details.map(detail).join('')}</Details>`);
  });
}

function detail(name: string): string {
  return `<member><Target><Attribute>Properties</Attribute><Name>${escaped(name)}</Name></Target><Evaluation>Static</Evaluation><ChangeSource>DirectModification</ChangeSource></member>`;
}

function unescaped(text: string): string {
  return text.replace(/&(?:lt|gt|quot|#x27|#39|apos|amp);/g, (entity) => ENTITIES[entity] ?? entity);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
