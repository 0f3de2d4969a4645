import * as fs from 'node:fs';
import * as path from 'node:path';
import {
  CloudWatchLogsClient,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import type { LogConfiguration } from '@aws-sdk/client-ecs';
import { clientOptions, type LocalCloud } from '../cloud';
import { TaskStartError } from './model';

const SHIP_MILLISECONDS = 1_000;

/** What a container writes: kept in a file here, and sent to its log group if the execution role may. */
export class TaskLog {
  private readonly file: fs.WriteStream;
  private waiting: { timestamp: number; message: string }[] = [];
  private rest = '';
  private readonly timer: NodeJS.Timeout;

  private constructor(
    file: string,
    private readonly ship: ((events: { timestamp: number; message: string }[]) => Promise<void>) | undefined,
  ) {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    this.file = fs.createWriteStream(file, { flags: 'a', mode: 0o600 });
    this.timer = setInterval(() => void this.flush(), SHIP_MILLISECONDS);
  }

  /**
   * Opens the file and the stream.
   *
   * The emulator judges log streams by the ARN of their group alone, which AWS's policies do not name; so the
   * runner asks for a judgement of the stream's own ARN, and writes for the role when that allows it.
   *
   * @param may - whether the execution role may do all of these on this resource
   * @throws TaskStartError when it may not, or the group is not there
   */
  static async open(
    file: string,
    configuration: LogConfiguration | undefined,
    stream: string,
    cloud: LocalCloud,
    may: (actions: readonly string[], resource: string) => Promise<boolean>,
  ): Promise<TaskLog> {
    if (configuration?.logDriver !== 'awslogs') return new TaskLog(file, undefined);
    const logGroupName = configuration.options?.['awslogs-group'] ?? '';
    const logStreamName = `${configuration.options?.['awslogs-stream-prefix'] ?? 'ecs'}/${stream}`;
    const resource = `arn:aws:logs:${cloud.region}:${cloud.account}:log-group:${logGroupName}:log-stream:${logStreamName}`;
    if (!(await may(['logs:CreateLogStream', 'logs:PutLogEvents'], resource)))
      throw new TaskStartError(
        `ResourceInitializationError: the execution role may not make and write the log stream ${resource}`,
      );
    const client = new CloudWatchLogsClient(clientOptions(cloud));
    try {
      await client.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
    } catch (error) {
      const why = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      throw new TaskStartError(`ResourceInitializationError: failed to create the log stream: ${why}`);
    }
    return new TaskLog(file, async (logEvents) => {
      await client.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
    });
  }

  /** Takes what the process wrote. */
  write(chunk: Buffer): void {
    this.file.write(chunk);
    const lines = (this.rest + chunk.toString('utf8')).split('\n');
    this.rest = lines.pop() ?? '';
    const timestamp = Date.now();
    this.waiting.push(...lines.filter((line) => line !== '').map((message) => ({ timestamp, message })));
  }

  /** Sends what is left and closes. */
  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.flush();
    this.file.end();
  }

  /** The driver is non-blocking: what cannot be sent is lost there and stays in the file. */
  private async flush(): Promise<void> {
    const events = this.waiting.splice(0, 1000);
    if (events.length > 0) await this.ship?.(events).catch(() => undefined);
  }
}
