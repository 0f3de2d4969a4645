import { spawn } from 'node:child_process';
import type { HealthCheck } from '@aws-sdk/client-ecs';
import { type LocalImage, localCommand } from './images';
import type { ContainerHealth } from './model';

/** Between checks of a container that has not passed yet, so that a laptop need not wait for the interval. */
const STARTING_MILLISECONDS = 1_000;

/** Runs a container's health check as its definition says. */
export class ContainerHealthCheck {
  /** What the last checks say. */
  health: ContainerHealth = 'UNKNOWN';
  private failures = 0;
  private readonly begun = Date.now();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly check: HealthCheck | undefined,
    private readonly image: LocalImage,
    private readonly environment: Readonly<Record<string, string>>,
  ) {
    if (check?.command !== undefined && check.command[0] !== 'NONE') this.schedule(STARTING_MILLISECONDS / 4);
    else this.health = 'HEALTHY';
  }

  /** Ends the checks. */
  close(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private schedule(milliseconds: number): void {
    this.timer = setTimeout(() => {
      void this.run().then((passed) => {
        if (this.timer === undefined) return;
        this.judge(passed);
        // Defaults as ECS documents them: 30 s between checks, 3 retries, no start period.
        const waiting = this.health === 'UNKNOWN';
        this.schedule(waiting ? STARTING_MILLISECONDS : (this.check?.interval ?? 30) * 1000);
      });
    }, milliseconds);
  }

  private judge(passed: boolean): void {
    if (passed) {
      this.failures = 0;
      this.health = 'HEALTHY';
      return;
    }
    const starting =
      this.health === 'UNKNOWN' && Date.now() - this.begun < (this.check?.startPeriod ?? 0) * 1000;
    if (!starting) this.failures += 1;
    if (this.failures >= (this.check?.retries ?? 3)) this.health = 'UNHEALTHY';
  }

  private async run(): Promise<boolean> {
    const [kind, ...rest] = this.check?.command ?? [];
    const command = kind === 'CMD-SHELL' ? ['/bin/sh', '-c', ...rest] : localCommand(this.image, rest);
    return new Promise((resolve) => {
      const child = spawn(command[0] ?? '', command.slice(1), {
        cwd: this.image.root,
        env: this.environment,
        stdio: 'ignore',
        timeout: (this.check?.timeout ?? 5) * 1000,
        killSignal: 'SIGKILL',
      });
      child.once('error', () => resolve(false));
      child.once('close', (code) => resolve(code === 0));
    });
  }
}
