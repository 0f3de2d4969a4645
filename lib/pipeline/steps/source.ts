import * as pipelines from 'aws-cdk-lib/pipelines';
import type { PipelineConfiguration } from '../../config/schema';

/** What a push to the followed branch starts the pipeline with. */
export interface Source {
  /** The files of the commit. */
  readonly files: pipelines.IFileSetProducer;
  /** When the commit was written, as CodePipeline tells it: a variable of the source action. */
  readonly authoredAt: string;
}

/** The followed branch, a push to which starts the pipeline. */
export function sourceOf(configuration: PipelineConfiguration): Source {
  const { repository, branch, connectionArn } = configuration;
  const source = pipelines.CodePipelineSource.connection(repository, branch, {
    connectionArn,
    triggerOnPush: true,
    // A clone and not an archive: commit and trees are read from Git.
    codeBuildCloneOutput: true,
  });
  return {
    // Asserted, since under exactOptionalPropertyTypes the library's class lacks what its own interface allows.
    files: source as pipelines.IFileSetProducer,
    authoredAt: source.sourceAttribute('AuthorDate'),
  };
}
