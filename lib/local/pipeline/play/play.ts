import { randomUUID } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Keys } from '../../cloud';
import type { CredentialsServer } from '../../tasks/credentials-server';
import { ActionError, type ActionContext, type Revision } from '../actions/context';
import type { Players } from '../actions/players';
import type { BuildSwitches } from '../build/switches';
import type { Action, Definition, Provider, Stage } from '../definition/model';
import { obstacles, runGroups } from '../definition/playable';
import type { Container } from '../world/container';
import type { Estate } from '../world/estate';
import { accountOf, assume, assumeAsService } from '../world/service-roles';
import { keepProgress, type Progress } from './progress';
import type { PlannedStage, Recorder, Status } from './recorder';
import { Variables } from './variables';

/** What a rehearsal is played with. */
export interface PlayOptions {
  /** The pipeline as it is deployed when the rehearsal begins. */
  readonly definition: Definition;
  /** The commit. */
  readonly revision: Revision;
  /** The accounts. */
  readonly estate: Estate;
  /** What builds run in. */
  readonly container: Container;
  /** Hands the builds' roles their keys. */
  readonly credentials: CredentialsServer;
  /** Folder of the artifacts. */
  readonly work: string;
  /** Keeps what happens. */
  readonly recorder: Recorder;
  /** What plays an action, by its provider. */
  readonly players: Players;
  /** The definition as it is deployed now; nothing when its stack is gone. */
  readonly deployed: (played: Definition) => Promise<Definition | undefined>;
  /** What CodeBuild's documentation leaves open. */
  readonly switches: BuildSwitches;
  /** Takes the last execution up again with all actions of the stage that failed, as a retry of the stage does. */
  readonly retry: Progress | undefined;
  /** Asks a person; answers why not, or nothing for an approval. */
  readonly approve: (question: string) => Promise<string | undefined>;
  /** Ends everything when it is aborted. */
  readonly signal: AbortSignal;
}

/** Executions that one rehearsal begins: a pipeline that still changes itself then would do so for ever. */
const MOST_EXECUTIONS = 4;

const LONGEST_NOTE = 240;

/** The definition changed while it was played. */
class Updated {
  constructor(readonly definition: Definition) {}
}

/**
 * Plays a pipeline until an execution of it has succeeded or failed. When an action changes the deployed definition,
 * the execution is cancelled and another one begins with the new definition, as CodePipeline does.
 */
export async function play(options: PlayOptions): Promise<Status> {
  let { definition } = options;
  for (let count = 1; ; count += 1) {
    const found = obstacles(definition);
    if (found.length > 0) throw new Error(`The pipeline cannot be played:\n${found.join('\n')}`);
    const retry = count === 1 ? options.retry : undefined;
    const record = options.recorder.execution(retry?.execution ?? randomUUID(), planned(definition, retry));
    const outcome = await new Execution(record.id, definition, options, retry).run();
    if (!(outcome instanceof Updated)) {
      options.recorder.endExecution(record, outcome.status, outcome.reason);
      return outcome.status;
    }
    definition = outcome.definition;
    options.recorder.endExecution(record, 'Cancelled', 'the definition was updated before it could complete');
    if (count === MOST_EXECUTIONS)
      throw new Error(`The pipeline has changed itself ${count} times: its synthesis is not repeatable.`);
  }
}

interface Ended {
  readonly status: Status;
  readonly reason?: string;
}

class Execution {
  private readonly artifacts: Map<string, string>;
  private readonly variables: Variables;
  private readonly done: Set<string>;
  private readonly folder: string;

  constructor(
    private readonly id: string,
    private definition: Definition,
    private readonly options: PlayOptions,
    retry: Progress | undefined,
  ) {
    this.variables = new Variables(id);
    this.artifacts = new Map(Object.entries(retry?.artifacts ?? {}));
    this.done = new Set(wholeStages(definition, retry?.done ?? []));
    for (const [namespace, values] of Object.entries(retry?.variables ?? {}))
      this.variables.put(namespace, values);
    this.folder = path.join(options.work, id);
  }

  async run(): Promise<Ended | Updated> {
    for (const stage of this.definition.pipeline.stages)
      for (const group of runGroups(stage.actions)) {
        const results = await Promise.all(group.map((action) => this.play(stage, action)));
        const failed = results.find((result) => result !== undefined);
        if (failed !== undefined) return { status: 'Failed', reason: this.failure(stage, failed) };
        const updated = group.some(({ provider }) => provider === 'CodeBuild') && (await this.updated());
        if (updated) return updated;
      }
    return { status: 'Succeeded' };
  }

  private failure({ name, onFailure }: Stage, reason: string): string {
    const words = `stage ${name} failed: ${reason}`;
    if (onFailure === undefined || onFailure === 'FAIL') return words;
    return `${words} (the stage says ${onFailure} on failure, which is not played)`;
  }

  /** Plays one action; answers why it failed, or nothing. */
  private async play(stage: Stage, action: Action): Promise<string | undefined> {
    const { recorder, signal } = this.options;
    if (this.done.has(`${stage.name}/${action.name}`)) return undefined;
    const record = recorder.action(this.id, stage.name, action.name, action.provider);
    const log = (text: string): void => fs.appendFileSync(record.log, text);
    try {
      signal.throwIfAborted();
      const folder = path.join(this.folder, `${stage.name}-${action.name}`);
      fs.rmSync(folder, { recursive: true, force: true });
      fs.mkdirSync(folder, { recursive: true });
      const resolved = { ...action, configuration: this.variables.resolve(action.configuration) };
      const context: ActionContext = {
        ...this.options,
        action: resolved,
        stage: stage.name,
        definition: this.definition,
        execution: this.id,
        folder,
        artifacts: this.artifacts,
        keys: () => this.keys(action),
        log,
      };
      const result = await this.options.players[action.provider as Provider](context);
      for (const [name, at] of result.artifacts ?? []) this.artifacts.set(name, at);
      this.variables.put(action.namespace, result.variables ?? {});
      this.done.add(`${stage.name}/${action.name}`);
      this.keep();
      recorder.end(record, 'Succeeded', result.note);
      return undefined;
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error);
      log(`${error instanceof ActionError || !(error instanceof Error) ? words : (error.stack ?? words)}\n`);
      const line = shortened(words.split('\n')[0] ?? words);
      recorder.end(record, signal.aborted ? 'Abandoned' : 'Failed', line);
      return `${action.name}: ${line}`;
    }
  }

  private keep(): void {
    keepProgress(this.options.work, {
      execution: this.id,
      commit: this.options.revision.commit,
      done: [...this.done],
      artifacts: Object.fromEntries(this.artifacts),
      variables: this.variables.all,
    });
  }

  /** Keys of the action's role, which the pipeline's own role has to be let into; of the latter without one. */
  private async keys({ roleArn }: Action): Promise<Keys> {
    const { estate } = this.options;
    const { account, region, pipeline } = this.definition;
    const cloud = estate.cloud(account, region);
    const own = await assumeAsService(cloud, pipeline.roleArn, 'codepipeline.amazonaws.com', this.id);
    return roleArn === undefined
      ? own
      : assume(estate.cloud(accountOf(roleArn), region), roleArn, this.id, own);
  }

  private async updated(): Promise<Updated | undefined> {
    const { pipeline } = this.definition;
    const deployed = await this.options.deployed(this.definition);
    if (deployed === undefined) return undefined;
    if (pipeline.restartOnUpdate && JSON.stringify(deployed.pipeline) !== JSON.stringify(pipeline))
      return new Updated(deployed);
    // Builds that begin from here on are of the projects as they are now; the pipeline's own structure is the execution's.
    this.definition = { ...this.definition, projects: deployed.projects };
    return undefined;
  }
}

/** Of what is done, that of stages in which everything is: a retry plays all actions of the failed stage. */
function wholeStages({ pipeline }: Definition, done: readonly string[]): string[] {
  return pipeline.stages
    .map(({ name, actions }) => actions.map((action) => `${name}/${action.name}`))
    .filter((names) => names.every((name) => done.includes(name)))
    .flat();
}

/** What an execution plays: everything, or what a retry has left. */
function planned(definition: Definition, retry: Progress | undefined): PlannedStage[] {
  const done = new Set(wholeStages(definition, retry?.done ?? []));
  return definition.pipeline.stages
    .filter(({ name, actions }) => actions.some((action) => !done.has(`${name}/${action.name}`)))
    .map(({ name, actions }) => ({ name, actions: actions.map((action) => action.name) }));
}

/** Words of a summary's line; all of them are in the log. */
function shortened(words: string): string {
  return words.length > LONGEST_NOTE ? `${words.slice(0, LONGEST_NOTE)}…` : words;
}
