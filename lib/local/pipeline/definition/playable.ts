import type { Action, Definition, Provider } from './model';

const PROVIDERS: ReadonlySet<string> = new Set<Provider>([
  'CodeStarSourceConnection',
  'CodeBuild',
  'CloudFormation',
  'Manual',
]);

/** Modes of a CloudFormation action that are played. */
const MODES: ReadonlySet<string> = new Set(['CHANGE_SET_REPLACE', 'CHANGE_SET_EXECUTE', 'CREATE_UPDATE']);

/** Characters of one configuration value, as CodePipeline's quotas document it. */
const LONGEST_VALUE = 1000;

/**
 * Says in words what of a definition cannot be played: another provider than the player knows, artifacts that nobody
 * makes, projects that are not in the stack. An empty list means that all of it can.
 */
export function obstacles({ pipeline, projects }: Definition): string[] {
  const made = new Set<string>();
  const found: string[] = [];
  for (const stage of pipeline.stages)
    for (const group of runGroups(stage.actions)) {
      for (const action of group) {
        const at = `${stage.name}/${action.name}`;
        if (!PROVIDERS.has(action.provider))
          found.push(
            `${at}: actions of the provider ${action.provider} are not played; there are ${[...PROVIDERS].join(', ')}.`,
          );
        for (const input of action.inputs)
          if (!made.has(input)) found.push(`${at}: no earlier action makes the artifact ${input}.`);
        found.push(...obstaclesOf(action, new Set(projects.keys())).map((words) => `${at}: ${words}`));
      }
      for (const output of group.flatMap(({ outputs }) => outputs)) made.add(output);
    }
  return found;
}

function obstaclesOf({ provider, configuration }: Action, projects: ReadonlySet<string>): string[] {
  const long = Object.entries(configuration).filter(([, value]) => value.length > LONGEST_VALUE);
  if (long.length > 0)
    return long.map(
      ([name, { length }]) =>
        `${name} has ${length} characters, and CodePipeline takes ${LONGEST_VALUE}: hand the rest over another way.`,
    );
  if (provider === 'CodeBuild') {
    const name = configuration['ProjectName'] ?? '';
    if (!projects.has(name)) return [`the build project ${name} is not in the pipeline's stack.`];
    if (configuration['BatchEnabled'] === 'true') return ['batch builds are not played.'];
  }
  if (provider === 'CloudFormation') {
    const mode = configuration['ActionMode'] ?? '';
    if (!MODES.has(mode)) return [`the mode ${mode} is not played; there are ${[...MODES].join(', ')}.`];
  }
  return [];
}

/** Actions in groups of one run order, the lowest first. */
export function runGroups(actions: readonly Action[]): (readonly Action[])[] {
  const groups = new Map<number, Action[]>();
  for (const action of actions) groups.set(action.runOrder, [...(groups.get(action.runOrder) ?? []), action]);
  return [...groups].sort(([a], [b]) => a - b).map(([, group]) => group);
}
