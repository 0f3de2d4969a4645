import type { Problem } from '../report';

/** What is wrong with one file, before it is known which file it is. */
export type FileProblem = Omit<Problem, 'file' | 'migration'>;

/** The files of the migrations cannot be used as they are; holds everything that is wrong with them. */
export class MigrationFilesError extends Error {
  /** All problems, by file and line. */
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(
      problems
        .map(({ file, line, message, mend }) => {
          const place = [file, line].filter((part) => part !== undefined).join(':');
          return `${place === '' ? '' : `${place}: `}${message} ${mend}`;
        })
        .join('\n'),
    );
    this.name = 'MigrationFilesError';
    this.problems = problems;
  }
}
