import type { Configuration } from './schema';

/** Whether an account id is one of this repository's obvious placeholders: one digit, from 1 to 9, twelve times. */
export function isPlaceholderAccount(account: string): boolean {
  return /^([1-9])\1{11}$/.test(account);
}

/** Commands of the CDK CLI that change something in an account. */
const CHANGING = ['deploy', 'watch', 'import', 'destroy', 'rollback', 'publish-assets'];

/** Options whose value could be mistaken for a pattern of stacks. */
const WITH_VALUE = ['-a', '--app', '-c', '--context', '-o', '--output', '--profile'];

/** Whether a pattern of stacks, such as `Dev/*`, may select stacks of the Stage or stack of that id. */
function maySelect(pattern: string, id: string): boolean {
  const first = pattern.split('/')[0] ?? '';
  const source = first
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*+/g, '.*')
    .replace(/\?/g, '.');
  return new RegExp(`^${source}$`, 'i').test(id);
}

/**
 * The one sentence that refuses a command of the CDK CLI, or undefined when the command may go on. It judges before
 * the CLI has spoken to AWS, which the application cannot: an application is not told the command.
 * @param commandLine - what stands after `cdk`
 * @param configuration - the environments and the pipeline
 */
export function placeholderRefusal(
  commandLine: readonly string[],
  configuration: Configuration,
): string | undefined {
  const command = commandLine.find((word) => CHANGING.includes(word));
  if (command === undefined) return undefined;
  const owners = [
    ...Object.entries(configuration.environments).map(([name, { account }]) => ({
      id: name,
      account,
      file: `lib/config/environments/${name}.ts`,
    })),
    { id: 'pipeline', account: configuration.pipeline.account, file: 'lib/config/pipeline.ts' },
  ];
  const words = commandLine.filter((_word, index) => !WITH_VALUE.includes(commandLine[index - 1] ?? ''));
  const selected = owners.filter(({ id }) => words.some((word) => maySelect(word, id)));
  const asked = selected.length > 0 ? selected : owners;
  const placeholder = asked.find(({ account }) => isPlaceholderAccount(account));
  return placeholder
    ? `cdk ${command} is refused: account ${placeholder.account} is a placeholder; write your own AWS account id into ${placeholder.file}.`
    : undefined;
}
