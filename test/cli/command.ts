import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import type { Readable } from 'node:stream';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { onTestFinished } from 'vitest';

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

export interface Surroundings {
  readonly env?: Readonly<Record<string, string>>;
  /** The current folder; default one without a `.env`. */
  readonly cwd?: string;
}

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A `firelock …` that runs. */
export class RunningCommand {
  readonly ended: Promise<Outcome>;
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  #stdout = '';
  #stderr = '';

  constructor(args: readonly string[], { env = {}, cwd = tmpdir() }: Surroundings) {
    // What `tsx src/cli/main.ts` runs, without its outer process, which would stand between us and the signals. No
    // variable of the test run leaks in.
    this.#child = spawn(process.execPath, ['--import', TSX, MAIN, ...args], {
      cwd,
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 30_000,
      killSignal: 'SIGKILL',
    });
    this.#child.stdout.setEncoding('utf8').on('data', (text: string) => (this.#stdout += text));
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => (this.#stderr += text));
    this.ended = once(this.#child, 'close').then(([code]: (number | null)[]) => ({
      code: code ?? null,
      stdout: this.#stdout,
      stderr: this.#stderr,
    }));
  }

  /** The output, once it matches; fails when the command ends before. */
  async printed(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = pattern.exec(this.#stdout);
      if (found !== null) return found;
      const more = once(this.#child.stdout, 'data').then(() => undefined);
      const outcome = await Promise.race([more, this.ended]);
      if (outcome !== undefined && !pattern.test(outcome.stdout)) {
        throw new Error(`ended without printing ${pattern}: ${JSON.stringify(outcome)}`);
      }
    }
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }
}

/** Starts `firelock …`; killed when the test ends, if it still runs then. */
export function start(args: readonly string[], surroundings: Surroundings = {}): RunningCommand {
  const command = new RunningCommand(args, surroundings);
  onTestFinished(async () => {
    command.signal('SIGKILL');
    await command.ended;
  });
  return command;
}

/** Runs `firelock …` to its end. */
export function firelock(args: readonly string[], surroundings: Surroundings = {}): Promise<Outcome> {
  return new RunningCommand(args, surroundings).ended;
}
