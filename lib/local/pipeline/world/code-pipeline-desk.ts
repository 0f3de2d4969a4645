import * as fs from 'node:fs';
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import type { Recorder } from '../play/recorder';

const actionSchema = z.object({
  execution: z.string(),
  stage: z.string(),
  action: z.string(),
  provider: z.string(),
  status: z.enum(['InProgress', 'Succeeded', 'Failed', 'Abandoned', 'Cancelled']),
});
type ActionState = z.output<typeof actionSchema>;

/** Where the pipeline that is played stands. */
export interface PlayedPipeline {
  /** Its name. */
  readonly name: string;
  /** Who approves here, as an ARN. */
  readonly approver: string;
}

/**
 * Answers builds' questions for the state of the pipeline that is played, in CodePipeline's own protocol: the last
 * execution of each action, in this rehearsal or an earlier one. It knows one operation, and judges no permission.
 * Source: CodePipeline API reference, GetPipelineState.
 */
export class CodePipelineDesk {
  private pipeline: PlayedPipeline | undefined;
  private readonly server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { status, body } = this.answer(
        String(request.headers['x-amz-target']),
        Buffer.concat(chunks).toString(),
      );
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
    });
  });

  /**
   * @param recorder - what is played
   * @param file - keeps how actions of earlier rehearsals ended
   */
  constructor(
    private readonly recorder: Recorder,
    private readonly file: string,
  ) {}

  /** Begins to listen on loopback. @returns its address */
  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Says which pipeline is played from now on. */
  serve(pipeline: PlayedPipeline): void {
    this.pipeline = pipeline;
  }

  /** Ends, and keeps how everything stands for the next rehearsal. */
  close(): void {
    if (this.pipeline) fs.writeFileSync(this.file, JSON.stringify(this.states(), undefined, 1));
    this.server.close();
    this.server.closeAllConnections();
  }

  private answer(target: string, body: string): { readonly status: number; readonly body: object } {
    const { name } = z.looseObject({ name: z.string().optional() }).parse(JSON.parse(body || '{}'));
    if (target !== 'CodePipeline_20150709.GetPipelineState')
      return refused('UnknownOperationException', `${target} is not answered on this machine.`);
    if (this.pipeline === undefined || name !== this.pipeline.name)
      return refused('PipelineNotFoundException', `There is no pipeline ${name ?? ''} on this machine.`);
    const { approver } = this.pipeline;
    const states = this.states();
    const stages = this.recorder.executions.at(-1)?.stages ?? [];
    const stageStates = stages.map(({ name: stageName, actions }) => ({
      stageName,
      latestExecution: latest(states.filter(({ stage }) => stage === stageName).at(-1)),
      actionStates: actions.map((actionName) => {
        const state = states.find(({ stage, action }) => stage === stageName && action === actionName);
        return {
          actionName,
          ...(state && {
            latestExecution: {
              status: state.status,
              ...(state.provider === 'Manual' && { lastUpdatedBy: approver }),
            },
          }),
        };
      }),
    }));
    return { status: 200, body: { pipelineName: name, stageStates } };
  }

  /** The last of each action, the latest to begin at the end. */
  private states(): readonly ActionState[] {
    const earlier = fs.existsSync(this.file)
      ? z.array(actionSchema).parse(JSON.parse(fs.readFileSync(this.file, 'utf8')))
      : [];
    const last = new Map<string, ActionState>();
    for (const one of [...earlier, ...this.recorder.actions.map((record) => actionSchema.parse(record))]) {
      const key = `${one.stage}/${one.action}`;
      last.delete(key);
      last.set(key, one);
    }
    return [...last.values()];
  }
}

function latest(state: ActionState | undefined): object | undefined {
  return state && { pipelineExecutionId: state.execution, status: state.status };
}

function refused(type: string, message: string): { readonly status: number; readonly body: object } {
  return { status: 400, body: { __type: type, message } };
}
