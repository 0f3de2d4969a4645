import { version } from '../../package.json';

/**
 * What a release calls itself: the API's tasks, their sessions in the database (`telehealth-api/<release>`) and the
 * history of migrations say the same. A version alone would not tell two commits of it apart.
 */
export function releaseName(commit: string): string {
  return `${version}+${commit.slice(0, 12)}`;
}
