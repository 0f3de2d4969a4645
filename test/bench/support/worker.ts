import { fork, type ChildProcess } from 'node:child_process';

/** A process of the bench that answers each message with one. */
export class Worker<To extends object, From extends object> {
  private readonly child: ChildProcess;

  /** @param file - its program, in TypeScript */
  constructor(private readonly file: string) {
    this.child = fork(file, [], { execArgv: ['--import', 'tsx'] });
  }

  /** Says something that nothing is answered to. */
  tell(message: To): void {
    this.child.send(message);
  }

  /** Says something and waits for the answer. */
  ask(message: To): Promise<From> {
    const { child } = this;
    return new Promise((resolve, reject) => {
      const ended = (): void => reject(new Error(`${this.file} ended before it answered.`));
      child.once('exit', ended);
      child.once('message', (answer: From) => {
        child.off('exit', ended);
        if ('error' in answer) reject(new Error(String(answer.error)));
        else resolve(answer);
      });
      this.tell(message);
    });
  }

  end(): void {
    this.child.kill('SIGKILL');
  }
}
