import type { Action, Definition } from '../definition/model';
import { runGroups } from '../definition/playable';

/** Draws a pipeline: stages, and below each the actions that run together, with what they read and leave. */
export function graph({ pipeline, account, region, stackName, projects }: Definition): string[] {
  const { executionMode, restartOnUpdate } = pipeline;
  const restart = restartOnUpdate ? ', begins anew when it changes itself' : '';
  const lines = [
    `${pipeline.name}: stack ${stackName}, account ${account}, ${region}, ${executionMode}${restart}`,
  ];
  for (const { name, actions, onFailure } of pipeline.stages) {
    lines.push('', `${name}${onFailure === undefined ? '' : `  (on failure: ${onFailure})`}`);
    for (const group of runGroups(actions))
      for (const action of group) {
        const privileged = projects.get(action.configuration['ProjectName'] ?? '')?.privileged === true;
        lines.push(`  ${String(action.runOrder).padStart(3)}  ${action.name.padEnd(28)} ${whatOf(action)}`);
        if (privileged) lines.push(`${' '.repeat(36)}builds an image`);
      }
  }
  return lines;
}

function whatOf({ provider, configuration, inputs, outputs, namespace }: Action): string {
  const details: Readonly<Record<string, readonly (string | undefined)[]>> = {
    CodeBuild: [configuration['ProjectName']],
    CloudFormation: [configuration['ActionMode'], configuration['StackName']],
    CodeStarSourceConnection: [configuration['FullRepositoryId'], configuration['BranchName']],
  };
  const words = [provider, ...(details[provider] ?? [])].filter((word) => word !== undefined).join(' ');
  const reads = inputs.length === 0 ? '' : `  ← ${inputs.join(', ')}`;
  const leaves = outputs.length === 0 ? '' : `  → ${outputs.join(', ')}`;
  return `${words}${reads}${leaves}${namespace === undefined ? '' : `  #{${namespace}.…}`}`;
}
