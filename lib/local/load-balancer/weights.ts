import * as fs from 'node:fs';
import type { Action, WeightedGroup } from './model';

/** A forward whose weights the emulator cannot store. */
interface Entry {
  readonly groups: readonly WeightedGroup[];
  /** What the emulator said when the weights were set; once it says otherwise they are out of date. */
  readonly over: string;
}

/** What identifies a forward as the emulator tells it. */
function identity(action: Action): string {
  return action.type === 'forward'
    ? action.groups.map((group) => group.targetGroupArn).join(' ')
    : action.type;
}

/**
 * Weights of forwards by listener or rule ARN, kept in a file. The emulator stores the first target group of a
 * weighted forward only, so a traffic shift leaves its weights here.
 */
export class Weights {
  private readonly entries: Map<string, Entry>;

  /** @param file - JSON file the weights are kept in; made when first set */
  constructor(private readonly file: string) {
    this.entries = new Map(
      fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, 'utf8')) as [string, Entry][]) : [],
    );
  }

  /** Puts `groups` in place of what the emulator says for this listener or rule. */
  set(arn: string, groups: readonly WeightedGroup[], told: Action): void {
    this.entries.set(arn, { groups, over: identity(told) });
    this.save();
  }

  /** The action with its weights; those set over an action that the emulator has changed since are forgotten. */
  apply(arn: string, told: Action): Action {
    const entry = this.entries.get(arn);
    if (entry === undefined) return told;
    if (entry.over === identity(told)) return { type: 'forward', groups: entry.groups };
    this.entries.delete(arn);
    this.save();
    return told;
  }

  private save(): void {
    fs.writeFileSync(this.file, JSON.stringify([...this.entries], null, 2));
  }
}

/** One of the groups, at random by weight; nothing when all weigh 0. `random` gives a number in [0, 1). */
export function chooseGroup(groups: readonly WeightedGroup[], random: () => number): string | undefined {
  const total = groups.reduce((sum, group) => sum + group.weight, 0);
  let at = random() * total;
  for (const { targetGroupArn, weight } of groups) {
    if (at < weight) return targetGroupArn;
    at -= weight;
  }
  return undefined;
}
