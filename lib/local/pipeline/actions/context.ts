import type { Keys } from '../../cloud';
import type { BuildSwitches } from '../build/switches';
import type { Action, Definition } from '../definition/model';
import type { Container } from '../world/container';
import type { Estate } from '../world/estate';
import type { CredentialsServer } from '../../tasks/credentials-server';

/** The commit that is rehearsed. */
export interface Revision {
  /** Repository on this machine that it is cloned from. */
  readonly repository: string;
  /** Full id of the commit. */
  readonly commit: string;
}

/** What every action is played with. */
export interface ActionContext {
  /** The action; its configuration is resolved. */
  readonly action: Action;
  /** Stage that it stands in. */
  readonly stage: string;
  /** The definition that is played. */
  readonly definition: Definition;
  /** Id of the execution. */
  readonly execution: string;
  /** The commit. */
  readonly revision: Revision;
  /** Clean folder of the action's own. */
  readonly folder: string;
  /** Folders of the artifacts, by name. */
  readonly artifacts: ReadonlyMap<string, string>;
  /** The accounts. */
  readonly estate: Estate;
  /** What builds run in. */
  readonly container: Container;
  /** Hands the builds' roles their keys. */
  readonly credentials: CredentialsServer;
  /** What CodeBuild's documentation leaves open. */
  readonly switches: BuildSwitches;
  /** Takes the role that the pipeline acts with here. */
  readonly keys: () => Promise<Keys>;
  /** Writes to the action's log. */
  readonly log: (text: string) => void;
  /** Asks a person; answers why not, or nothing for an approval. */
  readonly approve: (question: string) => Promise<string | undefined>;
  /** Ends everything when it is aborted. */
  readonly signal: AbortSignal;
}

/** What an action leaves. */
export interface ActionResult {
  /** Folders of its artifacts, by name. */
  readonly artifacts?: ReadonlyMap<string, string>;
  /** Values for its namespace. */
  readonly variables?: Readonly<Record<string, string>>;
  /** One line for the summary. */
  readonly note?: string;
}

/** An action that failed; its message is one sentence for the summary. */
export class ActionError extends Error {
  /** Tells it from other errors. */
  override readonly name = 'ActionError';
}
