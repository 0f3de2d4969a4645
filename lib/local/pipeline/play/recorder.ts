import * as fs from 'node:fs';
import * as path from 'node:path';

/** How an action, a stage or an execution stands, as CodePipeline names it. */
export type Status = 'InProgress' | 'Succeeded' | 'Failed' | 'Abandoned' | 'Cancelled';

/** One action as it was played. */
export interface ActionRecord {
  /** Execution that it belongs to. */
  readonly execution: string;
  /** Stage. */
  readonly stage: string;
  /** Name. */
  readonly action: string;
  /** Provider. */
  readonly provider: string;
  /** File of its log. */
  readonly log: string;
  /** When it began, in milliseconds since 1970. */
  readonly startedAt: number;
  /** When it ended. */
  endedAt?: number;
  /** How it stands. */
  status: Status;
  /** One line: what it did, or why it failed. */
  note?: string;
}

/** A stage as it is to be played. */
export interface PlannedStage {
  /** Name. */
  readonly name: string;
  /** Names of its actions, in order. */
  readonly actions: readonly string[];
}

/** One execution. */
export interface ExecutionRecord {
  /** Id. */
  readonly id: string;
  /** What it is to play. */
  readonly stages: readonly PlannedStage[];
  /** When it began, in milliseconds since 1970. */
  readonly startedAt: number;
  /** When it ended. */
  endedAt?: number;
  /** How it stands. */
  status: Status;
  /** Why it ended as it did, in a sentence. */
  reason?: string;
}

/** Keeps what was played, in memory and on disk, and tells it as it happens. */
export class Recorder {
  /** Executions, in order. */
  readonly executions: ExecutionRecord[] = [];
  /** Actions of all executions, in order of their beginning. */
  readonly actions: ActionRecord[] = [];
  private readonly begun = Date.now();

  /**
   * @param folder - where logs and the record are kept
   * @param print - is given one line at a time
   */
  constructor(
    readonly folder: string,
    private readonly print: (line: string) => void,
  ) {
    fs.mkdirSync(folder, { recursive: true });
  }

  /** Begins an execution. */
  execution(id: string, stages: readonly PlannedStage[]): ExecutionRecord {
    const record: ExecutionRecord = { id, stages, startedAt: Date.now(), status: 'InProgress' };
    this.executions.push(record);
    this.tell(`execution ${id}`);
    return record;
  }

  /** Begins an action and its log. */
  action(execution: string, stage: string, action: string, provider: string): ActionRecord {
    const number = String(this.actions.length + 1).padStart(2, '0');
    const log = path.join(this.folder, `${number}-${stage}-${action}.log`);
    fs.writeFileSync(log, '', { mode: 0o600 });
    const record: ActionRecord = {
      execution,
      stage,
      action,
      provider,
      log,
      startedAt: Date.now(),
      status: 'InProgress',
    };
    this.actions.push(record);
    this.tell(`  … ${stage}/${action}`);
    return record;
  }

  /** Ends an action. */
  end(record: ActionRecord, status: Status, note?: string): void {
    record.status = status;
    record.endedAt = Date.now();
    if (note !== undefined) record.note = note;
    const mark = status === 'Succeeded' ? '✓' : '✗';
    const seconds = ((record.endedAt - record.startedAt) / 1000).toFixed(1).padStart(6);
    this.tell(
      `  ${mark} ${`${record.stage}/${record.action}`.padEnd(40)} ${seconds} s  ${note ?? ''}`.trimEnd(),
    );
    this.keep();
  }

  /** Ends an execution. */
  endExecution(record: ExecutionRecord, status: Status, reason?: string): void {
    record.status = status;
    record.endedAt = Date.now();
    if (reason !== undefined) record.reason = reason;
    this.tell(`execution ${record.id} ${status}${reason === undefined ? '' : `: ${reason}`}`);
    this.keep();
  }

  /** Tells a line of what goes on. */
  tell(line: string): void {
    const seconds = ((Date.now() - this.begun) / 1000).toFixed(1).padStart(6);
    this.print(`${seconds} s ${line}`);
  }

  private keep(): void {
    const { executions, actions } = this;
    fs.writeFileSync(path.join(this.folder, 'record.json'), JSON.stringify({ executions, actions }, null, 2));
  }
}
