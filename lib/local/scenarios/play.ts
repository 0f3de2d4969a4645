import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Folders } from '../folders';
import { locked } from '../run/lock';
import type { Scenario } from './model';
import { SCENARIOS } from './registry';
import { type Played, playScenario } from './run';
import { Stage } from './stage';
import { playedText } from './text';

type Print = (line: string) => void;

/** Not an exit code of a release: what came of it was not what had to. */
const NOT_AS_IT_SHOULD = 9;

/**
 * Plays a scenario and prints what came of it.
 *
 * @returns the exit code of the command under test when everything was as it should be, else 9
 * @throws Error when there is no scenario of the name, or no environment runs
 */
export async function playOne(folders: Folders, name: string, print: Print): Promise<number> {
  const scenario = SCENARIOS.find((one) => one.name === name);
  if (scenario === undefined)
    throw new Error(
      `There is no scenario "${name}"; there are ${SCENARIOS.map((one) => one.name).join(', ')}.`,
    );
  const played = await play(folders, scenario, print);
  return good(played) ? (played.ending.code ?? NOT_AS_IT_SHOULD) : NOT_AS_IT_SHOULD;
}

/** Plays all of them, one after the other. @returns 0 when every one went as it should, else 9 */
export async function playAll(folders: Folders, print: Print): Promise<number> {
  const wrong: string[] = [];
  for (const scenario of SCENARIOS) {
    const played = await play(folders, scenario, print).catch((error: unknown) => {
      print(`NOT AS IT SHOULD: ${scenario.name}: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    });
    if (played === undefined || !good(played)) wrong.push(scenario.name);
    print('');
  }
  print(`${SCENARIOS.length - wrong.length} of ${SCENARIOS.length} as they should be`);
  if (wrong.length > 0) print(`not: ${wrong.join(', ')}`);
  return wrong.length === 0 ? 0 : NOT_AS_IT_SHOULD;
}

async function play(folders: Folders, scenario: Scenario, print: Print): Promise<Played> {
  const dir = path.join(folders.root, 'scenarios');
  fs.mkdirSync(dir, { recursive: true });
  return locked(path.join(dir, 'lock.json'), async () => {
    const logs = path.join(dir, scenario.name);
    fs.rmSync(logs, { recursive: true, force: true });
    fs.mkdirSync(logs);
    const played = await playScenario(scenario, await Stage.open(folders, logs));
    for (const line of playedText(played)) print(line);
    return played;
  });
}

function good({ checks }: Played): boolean {
  return checks.every(({ holds }) => holds);
}
