import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { ActionError, type ActionContext, type ActionResult } from './context';

/**
 * The source from a commit of this machine. With the full-clone format the artifact is a clone of its own with the
 * branch at the commit; otherwise it is the files alone, without `.git`, as the ZIP that CodePipeline hands over.
 */
export function source({ action, revision, folder, log }: ActionContext): ActionResult {
  const { configuration, outputs } = action;
  const branch = configuration['BranchName'] ?? 'main';
  const [output] = outputs;
  if (output === undefined) throw new ActionError('The source action names no output artifact.');
  const to = path.join(folder, output);
  const git = (...args: string[]): string =>
    execFileSync('git', args, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      maxBuffer: 1 << 28,
    }).trim();
  git('clone', '--quiet', '--no-checkout', '--no-hardlinks', revision.repository, to);
  git('-C', to, 'checkout', '--quiet', '-B', branch, revision.commit);
  const field = (format: string): string => git('-C', to, 'log', '-1', `--format=${format}`);
  const [message, date] = [field('%B'), field('%aI')];
  if (configuration['OutputArtifactFormat'] !== 'CODEBUILD_CLONE_REF')
    fs.rmSync(path.join(to, '.git'), { recursive: true, force: true });
  log(
    `${revision.commit} of ${revision.repository} as ${configuration['FullRepositoryId'] ?? ''} ${branch}\n`,
  );
  return {
    artifacts: new Map([[output, to]]),
    variables: {
      AuthorDate: date,
      BranchName: branch,
      CommitId: revision.commit,
      CommitMessage: message,
      ConnectionArn: configuration['ConnectionArn'] ?? '',
      FullRepositoryName: configuration['FullRepositoryId'] ?? '',
    },
    note: `${revision.commit.slice(0, 8)} ${message.split('\n')[0] ?? ''}`,
  };
}
