/** What became of one request. */
export interface Answered {
  /** How long it took from when it was due, in milliseconds. */
  readonly milliseconds: number;
  /** Its status, or what broke, such as `503` or `ECONNRESET`; absent for 200 to 399. */
  readonly failure?: string;
}

/** How a load is driven. */
export interface OpenLoopOptions {
  /** Requests in a second. */
  readonly rps: number;
  /** Sends the nth request, counted from 0, and answers its status once its body has come. */
  readonly send: (nth: number) => Promise<number>;
  /** Is told of each request when its answer is there, or when it broke. */
  readonly answered: (what: Answered, nth: number) => void;
  /** Milliseconds that only grow. */
  readonly now: () => number;
}

const STEP_MILLISECONDS = 2;

/**
 * Sends requests when they are due and times them from then, however many answers are outstanding: a server that stalls
 * does not make the load smaller, and does not look faster than it is.
 */
export class OpenLoop {
  private sent = 0;
  private timer: NodeJS.Timeout | undefined;
  private readonly outstanding = new Set<Promise<void>>();

  constructor(private readonly options: OpenLoopOptions) {}

  /** Begins. */
  start(): void {
    const { rps, now } = this.options;
    const interval = 1000 / rps;
    const start = now();
    this.timer = setInterval(() => {
      for (let due = start + this.sent * interval; due <= now(); due = start + this.sent * interval) {
        const request = this.request(this.sent, due);
        this.sent += 1;
        this.outstanding.add(request);
        void request.finally(() => this.outstanding.delete(request));
      }
    }, STEP_MILLISECONDS);
  }

  /**
   * Sends no more, and waits for what is outstanding, so that every request sent is counted.
   * @returns how many were sent
   */
  async stop(): Promise<number> {
    clearInterval(this.timer);
    await Promise.all(this.outstanding);
    return this.sent;
  }

  private async request(nth: number, due: number): Promise<void> {
    const { send, answered, now } = this.options;
    const failure = await send(nth).then(
      (status) => (status >= 200 && status < 400 ? undefined : String(status)),
      codeOf,
    );
    const milliseconds = Math.round((now() - due) * 10) / 10;
    answered({ milliseconds, ...(failure !== undefined && { failure }) }, nth);
  }
}

/** What broke, as the innermost error names it. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause instanceof Error) return codeOf(error.cause);
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}
