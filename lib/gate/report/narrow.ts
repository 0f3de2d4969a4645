import { isFinding, type Ledger } from '../ledger';
import { environmentNames, environmentOfStage, environmentsOf } from './environments';

/**
 * The environment that a person means: its name, or the last part of it, in any case: `prod` for `Pipeline/Prod`.
 * @throws Error when there is none, or more than one
 */
export function environmentMeant(ledger: Ledger, asked: string): string {
  return nameMeant(environmentNames(ledger), asked);
}

/**
 * The name that a person means, of those that there are.
 * @param names - construct paths of stages, or names of the configuration
 * @throws Error when it is none of them, or more than one, with what to write
 */
export function nameMeant(names: readonly string[], asked: string): string {
  const wanted = asked.toLowerCase();
  const found = names.filter((name) => name.toLowerCase() === wanted || short(name) === wanted);
  const [name] = found;
  if (name === undefined || found.length > 1)
    throw new Error(
      `There ${found.length > 1 ? `are ${found.length} environments` : 'is no environment'} "${asked}", expected one of ${names.map((one) => written(one, names)).join(', ')}.`,
    );
  return name;
}

function short(name: string): string | undefined {
  return name.split('/').at(-1)?.toLowerCase();
}

/** As short as it can be written and mean that name alone. */
function written(name: string, names: readonly string[]): string {
  return names.filter((one) => short(one) === short(name)).length === 1 ? (short(name) ?? name) : name;
}

/** The part of the ledger that is about one environment. */
export function narrowTo(ledger: Ledger, environment: string): Ledger {
  const of = environmentsOf(ledger);
  const resources = ledger.resources.filter(({ stage }) => environmentOfStage(stage) === environment);
  const evaluations = ledger.evaluations.filter(({ path }) => of(path) === environment);
  const stages = new Map(ledger.resources.map(({ stack, stage }) => [stack, environmentOfStage(stage)]));
  return {
    ...ledger,
    stacks: ledger.stacks.filter(({ path }) => stages.get(path) === environment),
    resources,
    evaluations,
    wildcards: ledger.wildcards.filter(({ path }) => of(path) === environment),
    waivers: ledger.waivers.filter(({ path }) => of(path) === environment),
    acceptances: ledger.acceptances.filter(({ path }) => of(path) === environment),
    rules: ledger.rules.map((rule) => {
      const mine = evaluations.filter((e) => e.plugin === rule.plugin && e.rule === rule.id);
      const looked = new Set(mine.map(({ path }) => path)).size;
      return {
        ...rule,
        counts: {
          compliant: mine.filter((e) => !isFinding(e)).length,
          'non-compliant': mine.filter(({ result }) => result === 'non-compliant').length,
          error: mine.filter(({ result }) => result === 'error').length,
          // Each rule looks at each resource; what it says nothing of did not concern it.
          'not-applicable': resources.length - looked,
        },
      };
    }),
  };
}
