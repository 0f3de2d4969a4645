import type { Statement } from '../model';
import type { Header as FileHeader } from '../files/header';
import type { ParsedStatement } from '../files/split';
import type { Schema } from './sql/schema';

/** How much a finding matters: an `error` refuses the migrations. */
export type Severity = 'error' | 'warning' | 'info';

/** Which of the files a script is. */
export type Direction = 'up' | 'down' | 'repeatable';

/** A statement with its tree, with what it locks and loses, and with the schema that it finds. */
export interface LintStatement extends ParsedStatement, Pick<Statement, 'locks' | 'destructive'> {
  /** Character in the line that it begins with, from 1. */
  readonly column: number;
  /** What earlier files and statements made. */
  readonly before: Schema;
}

/** What the comments at the top of a file say, with what holds when they do not. */
export interface Header extends FileHeader {
  /** When it may run; of a down file, when its up file may. */
  readonly phase: NonNullable<FileHeader['phase']>;
  /** Whether all statements are one transaction. */
  readonly transaction: boolean;
}

/** A file as rules see it. */
export interface Script {
  /** Its name, such as `0002_add_email.up.sql`. */
  readonly file: string;
  /** Which of the files. */
  readonly direction: Direction;
  /** What its header says. */
  readonly header: Header;
  /** The statements, in order. */
  readonly statements: readonly LintStatement[];
  /** Tables that this file, or the up file it undoes, makes: nobody reads them yet, so locks on them stall nobody. */
  readonly made: ReadonlySet<string>;
}

/** What a rule looks at. */
export interface Subject {
  /** The file. */
  readonly script: Script;
  /** The other file of the pair. */
  readonly partner?: Script;
  /** What remains of a severity for a table known to be small: a warning. */
  readonly severityFor: (table: string) => Severity | undefined;
}

/** What a rule found. */
export interface Hit {
  /** Where; absent when it concerns the whole file. */
  readonly at?: LintStatement;
  /** What stands there, in a sentence. */
  readonly message: string;
  /** When it matters less here than the rule says. */
  readonly severity?: Severity | undefined;
}

/** One rule. */
export interface Rule {
  /** Its name, which `lint-ignore` takes. */
  readonly id: string;
  /** What it asks for, as a sentence. */
  readonly title: string;
  /** How much a finding matters. */
  readonly severity: Severity;
  /** What goes wrong without it. */
  readonly why: string;
  /** How to mend a finding. */
  readonly mend: string;
  /** A figure measured on PostgreSQL 17.10, and what it means. */
  readonly measured?: string;
  /**
   * Files that it looks at.
   * @default - all
   */
  readonly directions?: readonly Direction[];
  /**
   * Whether no `lint-ignore` answers for it, since the engine refuses it too.
   * @default - one does
   */
  readonly absolute?: true;
  /** Looks at one file. */
  readonly check: (subject: Subject) => readonly Hit[];
}
