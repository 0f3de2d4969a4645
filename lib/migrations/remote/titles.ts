/** Longest value of a variable that CodePipeline hands on. Source: CodePipeline user guide, "Quotas". */
const LONGEST = 1_000;
/** What stands for no migration: no variable of a pipeline is empty. */
const NONE = 'none';

/** Titles of migrations as a variable of a pipeline; those that it has no room for are left out. */
export function writeTitles(titles: readonly string[]): string {
  const text = titles.join(',') || NONE;
  return text.length <= LONGEST ? text : text.slice(0, text.lastIndexOf(',', LONGEST));
}

/** The titles in a variable that {@link writeTitles} wrote, or that is not there. */
export function readTitles(variable: string): readonly string[] {
  return variable.split(',').filter((title) => title !== '' && title !== NONE);
}
