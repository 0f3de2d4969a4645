import type { WriteStream } from 'node:tty';

/** What of a terminal is used. */
export type Terminal = Pick<WriteStream, 'write' | 'columns' | 'rows' | 'moveCursor' | 'clearScreenDown'>;

const EVERY_MS = 500;

/** A terminal on which lines scroll by above a picture that is drawn again and again. */
export class Screen {
  private picture: () => readonly string[] = () => [];
  private drawn = 0;
  private timer: NodeJS.Timeout | undefined;

  /** @param terminal - where it is drawn */
  constructor(private readonly terminal: Terminal) {}

  /**
   * Draws a picture until {@link rest}.
   *
   * @param picture - its lines as they are now; left out, the one that was shown before
   */
  show(picture = this.picture): void {
    this.picture = picture;
    this.timer ??= setInterval(() => this.draw(), EVERY_MS);
    this.draw();
  }

  /** Writes a line above the picture. */
  line(text: string): void {
    this.wipe();
    this.terminal.write(`${text}\n`);
    if (this.timer !== undefined) this.draw();
  }

  /** Takes the picture away: somebody is asked, or everything is over. */
  rest(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    this.wipe();
  }

  private draw(): void {
    this.wipe();
    // A line that wraps, or a picture higher than the window, could not be wiped again.
    const lines = this.picture()
      .slice(0, Math.max(0, this.terminal.rows - 2))
      .map((line) => line.slice(0, this.terminal.columns - 1));
    for (const line of lines) this.terminal.write(`${line}\n`);
    this.drawn = lines.length;
  }

  private wipe(): void {
    if (this.drawn === 0) return;
    this.terminal.moveCursor(0, -this.drawn);
    this.terminal.clearScreenDown();
    this.drawn = 0;
  }
}
