import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** A process of its own that tells how much it has done, until it is stopped. */
export class Child {
  readonly #process: ChildProcess;
  readonly #exited: Promise<unknown>;
  /** What it has told last. */
  count = 0;

  /** `program` is a file beside this one. */
  constructor(program: string, args: readonly string[]) {
    const file = new URL(program, import.meta.url);
    this.#process = fork(file, args, { execArgv: ['--import', 'tsx'] });
    this.#exited = once(this.#process, 'exit');
    this.#process.on('message', (told) => {
      // Only these processes, which send nothing else.
      this.count = (told as { readonly count: number }).count;
    });
  }

  /** Resolves once it has told something. */
  async started(): Promise<void> {
    await Promise.race([once(this.#process, 'message'), this.#exited.then(refuse)]);
  }

  async stop(): Promise<void> {
    if (this.#process.connected) this.#process.disconnect();
    await this.#exited;
  }
}

function refuse(): never {
  throw new Error('A process of the bench ended before it had started.');
}
