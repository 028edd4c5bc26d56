import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, closeSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Proxy } from '../proxy.js';
import type { Assignment, Message } from './messages.js';

/** `by itself`: neither was it told to leave, nor did anybody kill it. */
export type Ending = 'killed' | 'left' | 'killed by its job' | 'by itself' | 'refused to leave';

/** A seat of the fleet: a process that is always there, in one life after the other. */
export interface Seat {
  readonly name: string;
  readonly program: 'server' | 'client';
  readonly queues: Readonly<Record<string, number>>;
  readonly jobsPerSecond: number;
  /** Whether nothing may ever happen to it. */
  readonly spared: boolean;
}

export interface Birth {
  readonly seat: Seat;
  readonly name: string;
  readonly seed: string;
  /** Where Postgres is at this moment. */
  readonly postgres: () => string;
  readonly logs: string;
  readonly onMessage: (message: Message) => void;
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const LEAVE_LIMIT_MS = 45_000;

/** One life of a process, from its start to its end, with a stretch of network of its own. */
export class Life {
  readonly name: string;
  readonly seat: Seat;
  readonly network: Proxy;
  /** How it ended. */
  readonly ended: Promise<Ending>;
  readonly #child: ChildProcess;
  #told: 'nothing' | 'to leave' | 'to die' = 'nothing';
  #ready = false;
  #disturbed = false;
  /** Resolves when its connections are to go: those of a host that vanishes stay for a while. */
  #gone: Promise<unknown> = Promise.resolve();

  private constructor(birth: Birth, network: Proxy) {
    this.name = birth.name;
    this.seat = birth.seat;
    this.network = network;
    this.#child = start(birth, network);
    this.#child.on('message', (message) => {
      // Sent by messages.ts.
      const told = message as Message;
      if (told.kind === 'ready') this.#ready = true;
      birth.onMessage(told);
    });
    this.ended = this.#end();
  }

  static async begin(birth: Birth): Promise<Life> {
    return new Life(birth, await Proxy.to(birth.postgres));
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get alive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  get ready(): boolean {
    return this.#ready;
  }

  /** Whether something can be done to it: it works, and nothing else is being done to it. */
  get calm(): boolean {
    return this.alive && this.#ready && !this.#disturbed && this.#told === 'nothing' && !this.seat.spared;
  }

  /** Does something to it; nothing else is done to it meanwhile. */
  async disturb(work: () => Promise<void>): Promise<void> {
    this.#disturbed = true;
    try {
      await work();
    } finally {
      this.#disturbed = false;
    }
  }

  signal(signal: NodeJS.Signals): void {
    if (this.alive) this.#child.kill(signal);
  }

  kill(): void {
    this.#told = 'to die';
    this.signal('SIGKILL');
  }

  /** Kills it as if its host had lost power: Postgres hears nothing of it until `gone`. */
  vanish(gone: Promise<unknown>): void {
    this.#gone = gone;
    this.network.blackOut();
    this.kill();
  }

  /** Tells it to leave, and kills it if it does not. */
  async leave(): Promise<void> {
    if (this.#told === 'nothing') this.#told = 'to leave';
    this.signal('SIGTERM');
    const limit = setTimeout(() => this.signal('SIGKILL'), LEAVE_LIMIT_MS);
    await this.ended;
    clearTimeout(limit);
  }

  async #end(): Promise<Ending> {
    // 'exit' gives these two.
    const [code, signal] = (await once(this.#child, 'exit')) as [number | null, NodeJS.Signals | null];
    void this.#gone.finally(() => this.network.close());
    if (this.#told === 'to die') return 'killed';
    // It may be told so early that it does not listen yet.
    const deaf = signal === 'SIGTERM' && !this.#ready;
    if (this.#told === 'to leave') return code === 0 || deaf ? 'left' : 'refused to leave';
    return signal === 'SIGKILL' ? 'killed by its job' : 'by itself';
  }
}

function start({ seat, name, seed, logs }: Birth, network: Proxy): ChildProcess {
  const url = new URL(network.connectionString);
  url.searchParams.set('application_name', name);
  const { queues, jobsPerSecond } = seat;
  const assignment: Assignment = { name, connectionString: url.href, seed, queues, jobsPerSecond };
  const log = openSync(join(logs, `${seat.name}.log`), 'a');
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', `test/chaos/${seat.program}.ts`, JSON.stringify(assignment)],
    {
      cwd: ROOT,
      env: { PATH: process.env['PATH'] },
      detached: true, // Ctrl-C is for the orchestrator alone
      stdio: ['ignore', log, log, 'ipc'],
    },
  );
  closeSync(log);
  return child;
}
