import {
  CloudFormationClient,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import { setTimeout as sleep } from 'node:timers/promises';
import { clientOptions, type LocalCloud } from '../cloud';

const SETTLE_DEADLINE_MS = 180_000;
const SOUND = new Set(['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE']);

/** Why one resource could not be made, changed or deleted. */
export interface Failure {
  /** Stack that it belongs to. */
  readonly stack: string;
  /** Its logical id. */
  readonly resource: string;
  /** Its type. */
  readonly type: string;
  /** What CloudFormation says. */
  readonly reason: string;
}

/** The stacks of the local stage, as the emulator has them. */
export class Stacks {
  private readonly client: CloudFormationClient;

  /**
   * Nothing is asked of the emulator yet.
   *
   * @param cloud - the local AWS
   * @param prefix - what the names of the stage's stacks begin with, `Local-`
   */
  constructor(
    cloud: LocalCloud,
    private readonly prefix: string,
  ) {
    this.client = new CloudFormationClient(clientOptions(cloud));
  }

  /** All of them. */
  async all(): Promise<Stack[]> {
    const { Stacks = [] } = await this.client.send(new DescribeStacksCommand({}));
    return Stacks.filter(
      ({ StackName, StackStatus }) =>
        StackName?.startsWith(this.prefix) === true && StackStatus !== 'DELETE_COMPLETE',
    );
  }

  /** Whether these stacks are there and every one was made or changed without failing. */
  async sound(names: readonly string[]): Promise<boolean> {
    const complete = new Set(
      (await this.all())
        .filter(({ StackStatus }) => StackStatus === 'CREATE_COMPLETE' || StackStatus === 'UPDATE_COMPLETE')
        .map(({ StackName }) => StackName),
    );
    return names.every((name) => complete.has(name));
  }

  /** Values of `CfnOutput`, by stack and name. */
  async outputs(): Promise<Record<string, Record<string, string>>> {
    const entries = (await this.all()).map(({ StackName = '', Outputs = [] }) => [
      StackName,
      Object.fromEntries(Outputs.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue])),
    ]);
    return Object.fromEntries(entries) as Record<string, Record<string, string>>;
  }

  /** Waits for what is going on, then deletes what can never be updated again; the next deployment makes it anew. */
  async mend(): Promise<string[]> {
    const stacks = await this.settled();
    const stuck = stacks.filter(({ StackStatus }) => !SOUND.has(StackStatus ?? ''));
    for (const { StackName } of stuck) await this.remove(StackName ?? '');
    return stuck.map(({ StackName, StackStatus }) => `${StackName ?? ''} (${StackStatus ?? ''})`);
  }

  /** What failed since a moment, first cause first. */
  async failuresSince(moment: Date): Promise<Failure[]> {
    const failures: (Failure & { readonly at: number })[] = [];
    for (const { StackName = '' } of await this.all()) {
      const { StackEvents = [] } = await this.client.send(new DescribeStackEventsCommand({ StackName }));
      for (const event of StackEvents) {
        const at = event.Timestamp?.getTime() ?? 0;
        const reason = event.ResourceStatusReason ?? '';
        if (at < moment.getTime() || !event.ResourceStatus?.endsWith('_FAILED')) continue;
        if (/cancell?ed/i.test(reason) || event.ResourceType === 'AWS::CloudFormation::Stack') continue;
        failures.push({
          stack: StackName,
          resource: event.LogicalResourceId ?? '',
          type: event.ResourceType ?? '',
          reason,
          at,
        });
      }
    }
    return failures.sort((a, b) => a.at - b.at);
  }

  private async settled(): Promise<Stack[]> {
    const deadline = Date.now() + SETTLE_DEADLINE_MS;
    for (;;) {
      const stacks = await this.all();
      const busy = stacks.filter(({ StackStatus }) => StackStatus?.endsWith('_IN_PROGRESS') === true);
      // A change set that was never executed leaves a stack in review: nothing is going on there.
      if (busy.every(({ StackStatus }) => StackStatus === 'REVIEW_IN_PROGRESS')) return stacks;
      if (Date.now() > deadline) return stacks;
      await sleep(250);
    }
  }

  private async remove(StackName: string): Promise<void> {
    await this.client.send(new DeleteStackCommand({ StackName }));
    const deadline = Date.now() + SETTLE_DEADLINE_MS;
    while (Date.now() < deadline) {
      const left = (await this.all()).find((stack) => stack.StackName === StackName);
      if (!left || left.StackStatus === 'DELETE_FAILED') return;
      await sleep(100);
    }
  }
}
