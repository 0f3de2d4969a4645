import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { discard } from '../discard';
import type { Folders } from '../folders';
import { locked } from '../run/lock';
import { callSupervisor, runningSupervisor } from '../supervisor';
import { CredentialsServer } from '../tasks/credentials-server';
import { deploymentsSince } from '../timeline/deployments';
import { renderTimeline } from '../timeline/page';
import { type Seen, TrafficWatch } from '../traffic/watch';
import { PLAYERS } from './actions/players';
import { BUILD_SWITCHES } from './build/switches';
import { readDeployed } from './definition/read-deployed';
import { play } from './play/play';
import { readProgress } from './play/progress';
import { Recorder, type Status } from './play/recorder';
import { board } from './text/board';
import { timelineOf } from './text/timeline';
import { CodePipelineDesk } from './world/code-pipeline-desk';
import { CloudFormationDesk } from './world/cloudformation-desk';
import { Container, containerEngine } from './world/container';
import { stopEnvironment } from './world/environment';
import { Estate } from './world/estate';
import { deployedPipeline } from './world/first-deployment';

/** What is rehearsed. */
export interface RehearsalOptions {
  /** Root of the repository. */
  readonly root: string;
  /** Folders of the local environment. */
  readonly folders: Folders;
  /** Folder of the emulator's installation. */
  readonly cacheDir: string;
  /** Commit, branch or tag to play. */
  readonly commit: string;
  /** Whether the last execution is taken up again where it failed; its commit is played then. */
  readonly retry: boolean;
  /** Stack of the pipeline, when several hold one. */
  readonly stack: string | undefined;
  /** Whether npm may take packages from the cache of earlier rehearsals. */
  readonly warmCache: boolean;
  /** Requests in a second to every load balancer while it is played; nothing sends none. */
  readonly load: number | undefined;
  /** Path that they ask for. */
  readonly loadPath: string;
  /** How many times faster than in AWS the waits of deployments are: intervals, bakes, periods of alarms. */
  readonly speed: number;
  /** Asks a person; answers why not, or nothing for an approval. */
  readonly approve: (question: string) => Promise<string | undefined>;
  /** Is given one line at a time. */
  readonly print: (line: string) => void;
  /** Is given how it stands, to be asked for again and again. */
  readonly show: (picture: () => readonly string[]) => void;
  /** Ends everything when it is aborted. */
  readonly signal: AbortSignal;
}

/** How a rehearsal ended. */
export interface Rehearsed {
  /** Status of its last execution. */
  readonly status: Status;
  /** Everything that was played. */
  readonly recorder: Recorder;
  /** Traffic of each account. */
  readonly traffic: readonly Seen[];
  /** The timeline page. */
  readonly page: string;
}

/** Plays the pipeline of a commit on this machine; one rehearsal at a time, as QUEUED executions are. */
export async function rehearse(options: RehearsalOptions): Promise<Rehearsed> {
  const { root, folders, cacheDir, print, signal } = options;
  const dir = path.join(folders.root, 'rehearsal');
  fs.mkdirSync(dir, { recursive: true });
  return locked(path.join(dir, 'lock.json'), async () => {
    const work = path.join(dir, 'work');
    const retry = options.retry ? readProgress(work) : undefined;
    const commit = retry?.commit ?? git(root, 'rev-parse', '--verify', `${options.commit}^{commit}`);
    if (git(root, 'status', '--porcelain') !== '')
      print('The working tree has changes that are not committed: they are not rehearsed.');
    const begun = Date.now();
    const id = new Date().toISOString().replaceAll(/[:.]/g, '-');
    const recorder = new Recorder(path.join(folders.root, 'rehearsals', id), print);
    const tell = (line: string): void => recorder.tell(line);
    const estate = await Estate.open({ root, folders, cacheDir, dir, tell });
    const watch = new TrafficWatch({
      places: () => estate.all().map(({ cloud, supervisor }) => ({ name: cloud.account, supervisor })),
      caFile: estate.authority.caFile,
      folder: recorder.folder,
      rps: options.load,
      path: options.loadPath,
    });
    const credentials = new CredentialsServer();
    await credentials.listen();
    const desk = new CloudFormationDesk(estate.endpoint, estate.authority.caFile);
    const pipelineDesk = new CodePipelineDesk(recorder, path.join(dir, 'pipeline-state.json'));
    const standIns = {
      ...estate.standIns,
      AWS_ENDPOINT_URL_CLOUDFORMATION: await desk.listen(),
      AWS_ENDPOINT_URL_CODEPIPELINE: await pipelineDesk.listen(),
    };
    if (retry === undefined) discard(work, path.join(dir, 'discarded'));
    fs.mkdirSync(work, { recursive: true });
    try {
      const engine = containerEngine();
      if (engine === undefined)
        tell(
          'no container engine answers: digests of built bundles stand for images, and tasks run as processes',
        );
      const definition = await deployedPipeline({ root, dir, stack: options.stack, estate, tell });
      const approver = `arn:aws:iam::${definition.account}:root`;
      pipelineDesk.serve({ name: definition.pipeline.name, approver });
      await setSpeed(folders, options.speed);
      watch.begin();
      options.show(() => board(recorder, Date.now()));
      const status = await play({
        definition,
        revision: { repository: root, commit },
        estate,
        container: new Container({ dir, root, warmCache: options.warmCache, standIns }, engine),
        credentials,
        work,
        retry,
        recorder,
        players: PLAYERS,
        deployed: ({ account, region, stackName }) => readDeployed(estate.cloud(account, region), stackName),
        switches: BUILD_SWITCHES,
        approve: options.approve,
        signal,
      });
      const traffic = await watch.end();
      const deployments = await deploymentsSince(folders.codeDeploy, begun);
      const page = path.join(recorder.folder, 'timeline.html');
      fs.writeFileSync(page, renderTimeline(timelineOf(recorder, deployments, traffic, Date.now())));
      return { status, recorder, traffic, page };
    } finally {
      await watch.end();
      credentials.close();
      desk.close();
      pipelineDesk.close();
    }
  });
}

/** Ends the databases, load balancers and tasks that rehearsals have started; the emulator is not theirs. */
export async function stopRehearsed(folders: Folders): Promise<void> {
  const accounts = path.join(folders.root, 'rehearsal', 'accounts');
  if (!fs.existsSync(accounts)) return;
  for (const account of fs.readdirSync(accounts)) await stopEnvironment(path.join(accounts, account));
}

async function setSpeed(folders: Folders, speed: number): Promise<void> {
  const control = runningSupervisor(folders.codeDeploy);
  if (control !== undefined) await callSupervisor(control, 'behaviour', { speed, alarmSpeed: speed });
}

function git(root: string, ...args: string[]): string {
  return execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();
}
