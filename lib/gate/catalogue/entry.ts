import type { Control } from '../report/model';

/** Whether the rule demands it, lets a covered entity justify something else, or leaves it to its specifications. */
export type Designation = Control['designation'];

/** One standard or implementation specification of the Security Rule, and what this platform shows of it. */
export interface Entry {
  /** Citation in 45 CFR, for example `164.312(a)(2)(iv)`. */
  readonly citation: string;
  /** Its title in the rule. */
  readonly title: string;
  /** Citation of the standard that it belongs to; its own for a standard. */
  readonly standard: string;
  /** What the rule says of it. */
  readonly designation: Designation;
  /** Who answers for it: AWS, the platform by itself, or people. */
  readonly responsibility: Control['responsibility'];
  /** Role that answers for it. */
  readonly owner: string;
  /** How often it is looked at. */
  readonly cadence: string;
  /** What gives evidence of it; begins with `Nothing automatic` where only people can show it. */
  readonly evidence: string;
  /** Whether it holds only with evidence that people recorded, whatever the rules say. */
  readonly manual: boolean;
  /** Rules that serve it although their own text does not cite it: this platform's judgement. */
  readonly alsoServedBy: readonly string[];
  /** Why it does not bind this company; it is then never counted as met. */
  readonly outOfScope?: string;
}

/** What an entry is made from: what is left out has the default of its section. */
export type EntryOf = Pick<Entry, 'citation' | 'title' | 'evidence'> &
  Partial<Omit<Entry, 'citation' | 'title' | 'evidence' | 'standard' | 'designation'>>;

/** A standard and its implementation specifications; one without any is itself required. */
export interface StandardOf {
  /** The standard. */
  readonly standard: EntryOf;
  /** Its required specifications. */
  readonly required?: readonly EntryOf[];
  /** Its addressable specifications. */
  readonly addressable?: readonly EntryOf[];
}

/** The entries of one section, filled up with what most of them share. */
export function section(
  shared: Pick<Entry, 'responsibility' | 'owner' | 'cadence' | 'manual'>,
  standards: readonly StandardOf[],
): Entry[] {
  return standards.flatMap(({ standard, required = [], addressable = [] }) => {
    const filled = (entry: EntryOf, designation: Designation): Entry => ({
      ...shared,
      alsoServedBy: [],
      ...entry,
      standard: standard.citation,
      designation,
    });
    const alone = required.length + addressable.length === 0;
    // A standard with specifications holds as they hold: people record nothing for it besides.
    const head = alone
      ? filled(standard, 'required')
      : { ...filled(standard, 'standard'), manual: standard.manual ?? false };
    return [
      head,
      ...[
        ...required.map((entry) => filled(entry, 'required')),
        ...addressable.map((entry) => filled(entry, 'addressable')),
      ].sort((a, b) => (a.citation < b.citation ? -1 : 1)),
    ];
  });
}
