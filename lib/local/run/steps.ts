/** Tells which step runs, and how long each took. */
export class Steps {
  /** Milliseconds by step. */
  readonly took: Record<string, number> = {};
  private readonly begun = Date.now();

  /** @param print - is given one line at a time */
  constructor(private readonly print: (line: string) => void) {}

  /** Runs a step; what it tells meanwhile is shown under its name. */
  async run<T>(name: string, work: (tell: (line: string) => void) => T | Promise<T>): Promise<T> {
    const start = Date.now();
    const result = await work((line) => this.print(`  … ${name}: ${line} (${this.elapsed()})`));
    this.took[name] = Date.now() - start;
    this.print(`  ✓ ${name.padEnd(24)} ${(this.took[name] / 1000).toFixed(1).padStart(6)} s`);
    return result;
  }

  /** Time since the first step, such as `12.3 s`. */
  elapsed(): string {
    return `${((Date.now() - this.begun) / 1000).toFixed(1)} s`;
  }
}
