import type { ReleaseClients } from './aws/clients';
import type { Deployed } from './aws/deployed';
import { Interrupted } from './aws/persist';
import { deploy } from './deployment/deploy';
import { Refused } from './errors';
import type { Clock, Progress } from './ports';
import { type RecordBasis, recordOf, refusedRecord } from './records/build';
import { findPrevious } from './records/previous';
import { keepRecord } from './records/publish';
import type { Result } from './result';
import type { Version } from './task-definition';

/** What every release works with. */
export interface Tools {
  /** The environment's services. */
  readonly clients: ReleaseClients;
  /** Time and chance. */
  readonly clock: Clock;
  /** Is told how it goes. */
  readonly progress: Progress;
  /** Says that it has to stop. */
  readonly signal: AbortSignal;
}

/** Brings a version up, and keeps a record of it however it ends. */
export async function bringUp(
  tools: Tools,
  deployed: Deployed,
  version: Version,
  basis: RecordBasis,
): Promise<Result> {
  const { clients, clock } = tools;
  const { taskDefinition } = version;
  const commit = version.commit === '' ? deployed.version : version.commit;
  try {
    const words = { kind: basis.kind, commit, by: basis.by };
    const ended = await deploy({ ...tools, deployed, taskDefinition, words });
    if (ended.outcome === 'already-live') return { outcome: ended.outcome, words: ended.words };
    const previous =
      ended.previous ??
      (await findPrevious({ ...tools, ...deployed, ...basis }, ended.snapshot, taskDefinition));
    const known = { ...ended, ...(previous !== undefined && { previous }) };
    const record = recordOf(basis, version, known, clock.date());
    await keepRecord(clients, deployed, record, tools);
    return { outcome: ended.outcome, words: ended.words, record };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return refuse(tools, deployed, version, basis, error);
  }
}

/** What is done before there is a deployment can be ended without leaving anything. */
export async function endingEarly(run: () => Promise<Result>): Promise<Result> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    return { outcome: 'interrupted', words: 'Stopped before anything was begun: nothing was changed.' };
  }
}

/** Keeps a record of what was refused. */
export async function refuse(
  { clients, clock, progress }: Tools,
  deployed: Deployed,
  version: Version,
  basis: RecordBasis,
  { message }: Refused,
): Promise<Result> {
  const record = refusedRecord(basis, version, { at: clock.date(), cause: message });
  await keepRecord(clients, deployed, record, { clock, progress });
  return { outcome: 'refused', words: message, record };
}
