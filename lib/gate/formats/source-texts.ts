import { once } from '../estate/once';
import type { Report } from '../report/model';

/** The lines that made the resources of a report, `file:line`, by construct path; every table of a report shows them. */
export const sourceTexts = once(({ resources }: Report): ReadonlyMap<string, string> => {
  const texts = new Map<string, string>();
  for (const { path, source } of resources)
    if (source !== undefined) texts.set(path, `${source.file}:${source.line}`);
  return texts;
});
