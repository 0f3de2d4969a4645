import { type ChildProcess, spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';

/** How a build's shell is opened. */
export interface ShellOptions {
  /** `sh`, or `bash` where the buildspec asks for it. */
  readonly program: 'sh' | 'bash';
  /** Folder for the commands and what the shell tells of itself; not the build's own. */
  readonly folder: string;
  /** Where the first command runs. */
  readonly directory: string;
  /** Variables; the whole of them. */
  readonly environment: Readonly<Record<string, string>>;
  /** Is given what the commands print, both streams. */
  readonly onOutput: (chunk: string) => void;
}

/**
 * Reads the names of command files and runs each in this very shell, so that `cd` and `export` stay. What is exported
 * and where the shell stands is written down after each, for the exported variables and for the shell that follows
 * one which a command has ended.
 */
const LOOP = [
  'while IFS= read -r __command <&4; do',
  '  . "$__command" </dev/null 3>&- 4>&-',
  '  __code=$?',
  '  env -0 > "$__command.env"; pwd > "$__command.pwd"',
  '  printf "%s\\n" "$__code" >&3',
  'done',
].join('\n');

interface Running {
  readonly process: ChildProcess;
  readonly commands: Writable;
  readonly codes: Readable;
  readonly ended: Promise<number>;
  readonly flush: () => void;
}

/** The one shell that all commands of a build run in. */
export class BuildShell {
  private running: Running | undefined;
  private count = 0;
  private variables: Record<string, string>;
  private directory: string;

  constructor(private readonly options: ShellOptions) {
    fs.mkdirSync(options.folder, { recursive: true });
    this.variables = { ...options.environment };
    this.directory = options.directory;
  }

  /** The exported variables, as they were after the last command. */
  get environment(): Readonly<Record<string, string>> {
    return this.variables;
  }

  /** Runs one command, which may be of several lines; answers the exit code of its last one. */
  async run(command: string): Promise<number> {
    this.count += 1;
    const file = path.join(this.options.folder, `command-${this.count}`);
    fs.writeFileSync(file, `${command}\n`, { mode: 0o600 });
    const shell = (this.running ??= this.open());
    shell.commands.write(`${file}\n`);
    const code = await Promise.race([
      new Promise<number>((resolve) => {
        shell.codes.once('data', (text: Buffer) => resolve(Number(text.toString())));
      }),
      shell.ended,
    ]);
    // What was printed before the code may still be on its way.
    await setImmediate();
    await setImmediate();
    shell.flush();
    this.remember(file);
    return code;
  }

  /** Ends the shell with everything that its commands have left running. */
  close(): void {
    const pid = this.running?.process.pid;
    this.running = undefined;
    if (pid === undefined) return;
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // Nothing of it runs any more.
    }
  }

  private remember(file: string): void {
    if (!fs.existsSync(`${file}.env`) || !fs.existsSync(`${file}.pwd`)) return;
    const entries = fs.readFileSync(`${file}.env`, 'utf8').split('\0').filter(Boolean);
    this.variables = Object.fromEntries(
      entries.map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
    );
    this.directory = fs.readFileSync(`${file}.pwd`, 'utf8').replace(/\n$/, '');
  }

  private open(): Running {
    const { program, onOutput } = this.options;
    const child = spawn(program, ['-c', LOOP], {
      cwd: fs.existsSync(this.directory) ? this.directory : this.options.directory,
      env: this.variables,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
      detached: true,
    });
    const [, output, errors, codes, commands] = child.stdio as unknown as [
      null,
      Readable,
      Readable,
      Readable,
      Writable,
    ];
    const flushes = [output, errors].map((stream) => byLine(stream, onOutput));
    // A command that ends the shell closes the pipe under a later write.
    commands.on('error', () => undefined);
    const ended = new Promise<number>((resolve) => {
      child.once('error', () => resolve(127));
      child.once('exit', (code, signal) => {
        if (this.running?.process === child) this.running = undefined;
        // As a shell counts a command that a signal has ended; 137 is SIGKILL.
        resolve(code ?? (signal === 'SIGKILL' ? 137 : 143));
      });
    });
    return { process: child, commands, codes, ended, flush: () => flushes.forEach((flush) => flush()) };
  }
}

/** Hands on whole lines, so that a secret is never cut in two; what it returns hands on the rest. */
function byLine(stream: Readable, onOutput: (chunk: string) => void): () => void {
  let rest = '';
  stream.setEncoding('utf8').on('data', (chunk: string) => {
    const whole = (rest + chunk).lastIndexOf('\n') + 1;
    const text = rest + chunk;
    rest = text.slice(whole);
    if (whole > 0) onOutput(text.slice(0, whole));
  });
  return () => {
    if (rest !== '') onOutput(`${rest}\n`);
    rest = '';
  };
}
