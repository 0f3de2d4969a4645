import type { LintReport } from '../../lib/migrations/lint';
import type { Problem, Report } from '../../lib/migrations/report';
import type { Request } from '../../lib/migrations/request';

/** The report of an action that was not begun, because something is wrong with the files. */
export function refused(request: Request, problems: readonly Problem[]): Report {
  const base = { schemaVersion: 1, outcome: 'refused', problems, milliseconds: 0 } as const;
  const { action } = request;
  switch (action) {
    case 'status':
      return { ...base, action, migrations: [] };
    case 'plan':
      return { ...base, action, migrations: [], digest: '' };
    case 'drift':
      return { ...base, action, differences: [] };
    case 'lock':
      return { ...base, action };
    case 'compatible':
      return { ...base, action, release: request.release };
    default:
      return { ...base, action, steps: [] };
  }
}

/** The errors of a lint as problems. */
export function lintProblems({ findings }: LintReport): readonly Problem[] {
  return findings
    .filter(({ severity }) => severity === 'error')
    .map(({ rule, message, mend, file, line }) => ({ code: rule, message, mend, file, line }));
}
