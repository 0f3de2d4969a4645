import * as pipelines from 'aws-cdk-lib/pipelines';
import type { PipelineConfiguration } from '../../config/schema';

/** The followed branch, a push to which starts the pipeline. */
export function sourceOf(configuration: PipelineConfiguration): pipelines.IFileSetProducer {
  const { repository, branch, connectionArn } = configuration;
  // Asserted, since under exactOptionalPropertyTypes the library's class lacks what its own interface allows.
  return pipelines.CodePipelineSource.connection(repository, branch, {
    connectionArn,
    triggerOnPush: true,
    // A clone and not an archive: commit and trees are read from Git.
    codeBuildCloneOutput: true,
  }) as pipelines.IFileSetProducer;
}
