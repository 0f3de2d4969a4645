import { figuresText } from '../../load/figures';
import type { Scenario } from './model';
import type { Played } from './run';

/** Scenarios as a list. */
export function listText(scenarios: readonly Scenario[]): readonly string[] {
  const width = Math.max(...scenarios.map(({ name }) => name.length));
  return scenarios.map(({ name, about }) => `${name.padEnd(width)}  ${about}`);
}

/** What a scenario came to, on one screen. */
export function playedText({
  scenario,
  ending,
  checks,
  figures,
  deployments,
  seconds,
}: Played): readonly string[] {
  const good = checks.every(({ holds }) => holds);
  return [
    `${good ? 'as it should' : 'NOT AS IT SHOULD'}: ${scenario.name} (${seconds.toFixed(1)} s)`,
    `  ${scenario.about}`,
    '',
    ...ending.output
      .trimEnd()
      .split('\n')
      .slice(-12)
      .map((line) => `  | ${line}`),
    '',
    ...deployments.map((line) => `  ${line}`),
    '',
    ...checks.map(
      ({ what, holds, seen }) => `  ${holds ? 'yes' : 'NO '}  ${what}${holds ? '' : `: ${seen}`}`,
    ),
    '',
    ...figuresText(figures).map((line) => `  ${line}`),
  ];
}
