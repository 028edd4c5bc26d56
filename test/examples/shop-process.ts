import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { delimiter } from 'node:path';
import { fileURLToPath } from 'node:url';
import packageJson from '../../package.json' with { type: 'json' };
import { eventually } from '../eventually.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const binaries = fileURLToPath(new URL('../../node_modules/.bin', import.meta.url));

/** What `npm start` runs, and the two programs of the shop in several processes. */
const commands = {
  main: packageJson.scripts.start,
  web: 'node --import tsx examples/shop/web.ts',
  worker: 'node --import tsx examples/shop/worker.ts',
};

const START_LIMIT_MS = 30_000;

/** One of the shop's programs, run as a user would: a process with an environment, signals and lines of output. */
export class ShopProcess {
  readonly #child: ChildProcess;
  /** Its exit code, or the signal that ended it. */
  readonly exited: Promise<number | NodeJS.Signals>;
  #output = '';

  constructor(program: keyof typeof commands, environment: Readonly<Record<string, string>>) {
    const [command = '', ...args] = commands[program].split(' ');
    this.#child = spawn(command, args, {
      cwd: root,
      // No HOME and nothing else of ours: the shop must not need it.
      env: { PATH: `${binaries}${delimiter}${process.env['PATH']}`, PORT: '0', ...environment },
      detached: true, // a process group of its own, as in a terminal
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.#output += text));
    }
    this.exited = once(this.#child, 'close').then(([code, signal]) => code ?? signal);
  }

  get output(): string {
    return this.#output;
  }

  /** Sends a signal to the whole group, as Ctrl-C does; false if it has ended. */
  signal(signal: NodeJS.Signals): boolean {
    const { pid, exitCode, signalCode } = this.#child;
    return pid !== undefined && exitCode === null && signalCode === null && process.kill(-pid, signal);
  }

  /** Waits until it has printed something; answers what the pattern's group holds. */
  printed(pattern: RegExp): Promise<string> {
    return eventually(
      `the shop prints ${pattern.source}`,
      () => {
        if (this.#child.exitCode !== null) throw new Error(`The shop has ended and said:\n${this.#output}`);
        return pattern.exec(this.#output)?.[1];
      },
      START_LIMIT_MS,
    );
  }

  /** Ends it in whatever state it is; for cleaning up. */
  async kill(): Promise<void> {
    if (this.signal('SIGKILL')) await this.exited;
  }
}

/** Where the shop listens, once it does. */
export function urlOf(shop: ShopProcess): Promise<string> {
  return shop.printed(/(http:\/\/localhost:\d+)\s/);
}

/** Posts as a program would. */
export async function post(
  url: string,
  body: object,
): Promise<{ readonly status: number; readonly answer: unknown }> {
  const headers = { 'content-type': 'application/json', accept: 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  return { status: response.status, answer: await response.json() };
}
