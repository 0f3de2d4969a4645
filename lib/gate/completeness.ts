import { HIPAA_RULES } from './catalogue/hipaa-rules';
import { ESTATE_RULES } from './estate-rules';
import type { Rule } from './ledger';
import { ACCEPTANCE_PLUGIN, HIPAA_PLUGIN, TEMPLATE_PLUGIN } from './rule-ids';
import { TEMPLATE_RULES } from './template-rules';

/** Every rule that has to judge, by the plugin that runs it. */
export const KNOWN_RULES: Readonly<Record<string, readonly string[]>> = {
  [HIPAA_PLUGIN]: HIPAA_RULES,
  [TEMPLATE_PLUGIN]: [...TEMPLATE_RULES, ...ESTATE_RULES].map(({ id }) => id),
};

/** What is said to have been judged. */
export interface Judged {
  /** The rules, with how often each came to which result. */
  readonly rules: readonly Rule[];
  /** Every verdict but not-applicable. */
  readonly verdicts: readonly {
    readonly rule: string;
    readonly result: 'compliant' | 'non-compliant' | 'error';
  }[];
  /** How many resources there are. */
  readonly resources: number;
}

function missingRules({ rules }: Judged): string[] {
  const there = new Set(rules.map(({ plugin, id }) => `${plugin}\n${id}`));
  return Object.entries(KNOWN_RULES).flatMap(([plugin, ids]) => {
    const missing = ids.filter((id) => !there.has(`${plugin}\n${id}`));
    if (missing.length === 0) return [];
    return missing.length === ids.length
      ? [`holds no rule of ${plugin}: that part of the gate did not run; call applyGate().`]
      : [`holds no ${missing.join(', ')} of ${plugin}: these rules did not run.`];
  });
}

/**
 * What is left out: a rule that has to judge, a verdict that its rule counts, or a resource that a rule did not look at.
 * @returns the second half of a sentence for each, whose subject is what was read
 */
export function missingIn(judged: Judged): readonly string[] {
  const listed = new Map<string, number>();
  for (const { rule, result } of judged.verdicts) {
    const key = `${rule}\n${result}`;
    listed.set(key, (listed.get(key) ?? 0) + 1);
  }
  // What judges the acceptances looks at those, and not at resources.
  const rules = judged.rules.filter(({ plugin }) => plugin !== ACCEPTANCE_PLUGIN);
  const lost = rules.flatMap(({ id, counts }) =>
    (['compliant', 'non-compliant', 'error'] as const)
      .filter((result) => (listed.get(`${id}\n${result}`) ?? 0) !== counts[result])
      .map(
        (result) =>
          `counts ${counts[result]} ${result} verdict(s) of ${id}, but lists ${listed.get(`${id}\n${result}`) ?? 0}: it was changed.`,
      ),
  );
  const partial = rules
    .filter(({ counts }) => Object.values(counts).reduce((sum, n) => sum + n, 0) < judged.resources)
    .map(({ id }) => `shows that ${id} did not look at every resource; synthesise again.`);
  return [...missingRules(judged), ...lost, ...partial];
}
