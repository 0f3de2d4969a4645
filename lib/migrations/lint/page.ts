import type { Rule } from './rule';

/** Files that show a rule: SQL as it should not and as it should be. */
export interface RuleExample {
  /** Raises the rule. */
  readonly bad: string;
  /** The same end reached in another way; raises nothing. */
  readonly good: string;
}

/** The page of a rule under docs/, in Markdown. */
export function renderPage(rule: Rule, example: RuleExample): string {
  const files = (rule.directions ?? ['up', 'down', 'repeatable']).join(', ');
  return `# ${rule.id}

${rule.title}

Severity: ${rule.severity}. Looks at: ${files}.

## Why

${rule.why}
${rule.measured ? `\nMeasured: ${rule.measured}\n` : ''}
## Mend

${rule.mend}

## Example

Refused:

\`\`\`sql
${example.bad.trim()}
\`\`\`

Accepted:

\`\`\`sql
${example.good.trim()}
\`\`\`

${rule.absolute ? 'No lint-ignore answers for this rule.' : exception(rule.id)}
`;
}

function exception(id: string): string {
  return `## When it is right here

Put this directly above the statement; without an owner and a reason it is an error, and so is one that answers for
nothing:

\`\`\`sql
-- lint-ignore: ${id} owner=platform-engineering reason="why it is right here"
\`\`\``;
}
