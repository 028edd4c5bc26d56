import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { Logger } from '../job/context.js';
import { errorRecord } from '../job/error-record.js';
import type { Asked } from '../storage/ask-server.js';
import type { Database } from '../storage/database.js';
import {
  type LeaseThreadAnswer,
  type LeaseThreadData,
  type LeaseThreadMessage,
  leaseLockName,
  type Renewal,
  renewLease,
} from '../storage/lease.js';
import { EventLoopLag } from './event-loop-lag.js';
import { Loop } from './loop.js';

/** A server renews its lease this often, and is lost to the others after `SILENCE_MS` without. */
const EVERY_MS = 5000;
export const SILENCE_MS = 20_000;
/** A server whose connection ended is lost if it is not back after this long. */
export const ABSENCE_MS = 2500;

/** The server itself stops counting on its lease earlier than the others may take over. */
const timing: LeaseThreadData['timing'] = {
  everyMs: EVERY_MS,
  retryMs: 200,
  leaseMs: SILENCE_MS - 5000,
  absenceMs: ABSENCE_MS - 500,
};
/** Whether it is held is looked at this often; how late that is tells how late the event loop is. */
const CHECK_EVERY_MS = 50;
/** A server starts without it after this long: it is merely missed later if it is killed. */
const HELD_LIMIT_MS = 3000;

export interface LeaseOptions {
  readonly database: Database;
  readonly logger: Logger;
  /** The lease could not be renewed in time: others may soon start the server's jobs. */
  readonly onExpired: () => void;
  /** It could be renewed after all. */
  readonly onRenewed: () => void;
  /** The server was declared lost: others have its jobs. */
  readonly onLost: () => void;
  /** A renewal has told what is asked of the server, whether that is new or not. */
  readonly onAsked: (asked: Asked | undefined) => void;
}

/**
 * A server's right to its jobs. Renewed by a thread with a connection of its own; where the connection's settings cannot
 * be handed to a thread (the application gave a Kysely, or a pool whose options hold functions), by a loop.
 */
export class Lease {
  readonly #options: LeaseOptions;
  readonly #cell = new SharedArrayBuffer(8);
  readonly #expiresAt = new BigInt64Array(this.#cell);
  readonly #lag = new EventLoopLag(CHECK_EVERY_MS);
  #thread: Worker | undefined;
  #loop: Loop | undefined;
  #check: NodeJS.Timeout | undefined;
  #serverId: string | undefined;
  #held = false;
  #onHeld: () => void = () => undefined;

  constructor(options: LeaseOptions) {
    this.#options = options;
  }

  /** Whether the server may start jobs. */
  get held(): boolean {
    return this.#held;
  }

  /**
   * Keeps the lease of a server that was registered just now. Resolves when others can see its connection: a process killed
   * after that is missed within seconds.
   */
  async hold(serverId: string): Promise<void> {
    this.#serverId = serverId;
    this.#held = true;
    this.#renewedAt(process.hrtime.bigint());
    this.#check ??= this.#startCheck();
    if (this.#loop === undefined) this.#thread ??= this.#startThread();
    if (this.#thread === undefined) this.#startLoop();
    else await this.#keep(serverId);
  }

  /** Renews it at once: something is asked of the server. */
  renew(): void {
    this.#loop?.wake();
    this.#post({ kind: 'renew' });
  }

  /** Resolves when nothing renews the lease any more. */
  async stop(): Promise<void> {
    clearInterval(this.#check);
    await this.#loop?.stop();
    await this.#thread?.terminate();
  }

  #startThread(): Worker | undefined {
    const { database } = this.#options;
    const settings = database.settings();
    if (settings === undefined) return undefined;
    const workerData: LeaseThreadData = {
      settings: {
        ...settings,
        application_name: 'firelock lease',
        connectionTimeoutMillis: 2000,
        query_timeout: 3000,
      },
      statement: database.text(renewLease),
      lockName: leaseLockName(database.schema),
      cell: this.#cell,
      lateness: this.#lag.lateness,
      timing,
    };
    const thread = new Worker(new URL('../storage/lease-thread.js', import.meta.url), {
      workerData,
      execArgv: [],
    });
    return thread
      .on('message', (answer: LeaseThreadAnswer) => this.#hear(answer))
      .on('error', (error) => this.#giveUpThread(error));
  }

  #startCheck(): NodeJS.Timeout {
    this.#lag.begin();
    return setInterval(() => {
      this.#lag.tick();
      this.#compare();
    }, CHECK_EVERY_MS);
  }

  async #keep(serverId: string): Promise<void> {
    const held = new Promise<void>((resolve) => (this.#onHeld = resolve));
    const limit = new AbortController();
    this.#post({ kind: 'keep', serverId });
    await Promise.race([
      held,
      sleep(HELD_LIMIT_MS, undefined, { signal: limit.signal }).catch(() => undefined),
    ]);
    limit.abort();
  }

  #post(message: LeaseThreadMessage): void {
    this.#thread?.postMessage(message);
  }

  #hear(answer: LeaseThreadAnswer): void {
    if (answer.kind === 'failed') {
      const { message, code } = answer;
      this.#options.logger.warn({ error: { message, code } }, 'the lease could not be renewed; trying again');
    } else if (answer.kind === 'renewed') this.#renewed(answer.serverId, answer);
    else this.#lose(answer.serverId);
  }

  #renewed(serverId: string, { asked }: Pick<Renewal, 'asked'>): void {
    if (serverId !== this.#serverId) return;
    this.#onHeld();
    this.#options.onAsked(asked ?? undefined);
  }

  /** Once for each server that it kept. */
  #lose(serverId: string): void {
    if (serverId !== this.#serverId) return;
    this.#serverId = undefined;
    this.#options.onLost();
  }

  /** A bundler may have left the thread's file behind. */
  #giveUpThread(error: unknown): void {
    this.#options.logger.warn(
      { error: errorRecord(error) },
      'the thread that renews the lease failed: the lease is renewed on the main thread, which a handler can block',
    );
    if (this.#thread === undefined) return;
    this.#thread = undefined;
    this.#onHeld();
    this.#startLoop();
  }

  #startLoop(): void {
    const { database, logger } = this.#options;
    const step = async () => {
      const sentAt = process.hrtime.bigint();
      const serverId = this.#serverId;
      if (serverId === undefined) return EVERY_MS;
      const values = [serverId, null, null, false, this.#lag.read()];
      const [renewal] = await database.run<Renewal>(renewLease, values);
      if (renewal === undefined) this.#lose(serverId);
      else {
        this.#renewedAt(sentAt);
        this.#renewed(serverId, renewal);
      }
      return EVERY_MS;
    };
    this.#loop ??= new Loop({ name: 'lease', logger, step });
    this.#loop.start();
  }

  #renewedAt(instant: bigint): void {
    Atomics.store(this.#expiresAt, 0, instant + BigInt(timing.leaseMs) * 1_000_000n);
  }

  #compare(): void {
    const held = process.hrtime.bigint() < Atomics.load(this.#expiresAt, 0);
    if (held === this.#held) return;
    this.#held = held;
    if (held) this.#options.onRenewed();
    else this.#options.onExpired();
  }
}
