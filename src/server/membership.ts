import { setTimeout as sleep } from 'node:timers/promises';
import type { Feed } from '../engine/engine.js';
import { AttemptLostError, LeaseExpiredError } from '../errors.js';
import type { Logger } from '../job/context.js';
import { errorRecord } from '../job/error-record.js';
import type { Asked } from '../storage/ask-server.js';
import type { Database } from '../storage/database.js';
import { type NewServer, markStopped, registerServer } from '../storage/servers.js';
import { Lease } from './lease.js';
import type { Performer } from './perform.js';
import type { Reports } from './reports.js';

const REGISTER_AGAIN_MS = 1000;

export interface MembershipOptions {
  readonly database: Database;
  readonly logger: Logger;
  readonly reports: Reports;
  readonly server: NewServer;
  readonly feeds: ReadonlyMap<string, Feed>;
  readonly performer: Performer;
  /** Somebody has asked the server to stop. */
  readonly onStop: () => void;
}

/** A server's place among all servers: its id, the lease that gives it a right to its jobs, and what it is asked to do. */
export class Membership {
  readonly #options: MembershipOptions;
  readonly #lease: Lease;
  #id = '';
  #asked: Asked | undefined;
  #retired = false;

  constructor(options: MembershipOptions) {
    this.#options = options;
    this.#lease = new Lease({
      ...options,
      onExpired: () => this.#expired(),
      onRenewed: () => this.#renewed(),
      onLost: () => void this.#lost(),
      onAsked: (asked) => this.#heed(asked),
    });
  }

  /** Empty before it has begun; another one after the server was declared lost. */
  get id(): string {
    return this.#id;
  }

  /** Whether the server may claim jobs: it holds its lease, and nobody has asked it to be quiet or to stop. */
  get mayClaim(): boolean {
    return this.#lease.held && this.#asked === undefined;
  }

  /** Something is asked of a server: perhaps of this one. */
  hearOf(serverId: string): void {
    if (serverId === this.#id) this.#lease.renew();
  }

  /** Registers the server. Resolves when it holds its lease. */
  async begin(): Promise<void> {
    await this.#register();
    await this.#lease.hold(this.#id);
  }

  /** The server stops: should it be declared lost from now on, it does not go on as another one. */
  retire(): void {
    this.#retired = true;
  }

  /** Leaves. The lease is stopped first: it must not take the leaving for a loss. */
  async end(): Promise<void> {
    await this.#lease.stop();
    await markStopped(this.#options.database, this.#id);
  }

  async #register(): Promise<void> {
    const former = this.#id === '' ? undefined : this.#id;
    this.#id = await registerServer(this.#options.database, this.#options.server, former);
  }

  /** Every renewal tells it: what is not new changes nothing, nor does anything once the server stops. */
  #heed(asked: Asked | undefined): void {
    if (asked === this.#asked || this.#retired) return;
    this.#asked = asked;
    if (asked === 'stop') return this.#options.onStop();
    const { logger, reports } = this.#options;
    if (asked === 'quiet') {
      logger.info({ server: this.#id }, 'asked to be quiet: the server claims nothing more');
      return reports.report('server:quiet', () => this.#event());
    }
    logger.info({ server: this.#id }, 'woken: the server takes jobs again');
    reports.report('server:woken', () => this.#event());
    this.#wakeFeeds();
  }

  /** Others may soon start what runs here. */
  #expired(): void {
    const { logger, reports, performer } = this.#options;
    logger.error(
      { server: this.#id },
      'the lease could not be renewed in time: handlers are aborted before other servers may start their jobs',
    );
    reports.report('lease:expired', () => this.#event());
    performer.abortAll(() => new LeaseExpiredError());
  }

  #renewed(): void {
    this.#options.logger.info({ server: this.#id }, 'the lease is renewed: the server takes jobs again');
    this.#wakeFeeds();
  }

  /** Declared lost while alive: its jobs are others' now. It goes on as a new server. */
  async #lost(): Promise<void> {
    const { logger, reports, feeds, performer } = this.#options;
    logger.error(
      { server: this.#id },
      'declared lost: its jobs run elsewhere, their attempts here are aborted',
    );
    reports.report('lease:lost', () => this.#event());
    // Forgotten first: what the aborted handlers say now must not count as a failed attempt.
    for (const feed of feeds.values()) feed.forget();
    performer.abortAll(({ id, attempt }) => new AttemptLostError(id, attempt));
    if (!(await this.#registerAgain())) return;
    await this.#lease.hold(this.#id);
    this.#wakeFeeds();
  }

  /** Tries until it succeeds; false if the server stops first. */
  async #registerAgain(): Promise<boolean> {
    while (!this.#retired) {
      try {
        await this.#register();
        if (this.#retired) await markStopped(this.#options.database, this.#id);
        return !this.#retired;
      } catch (error) {
        this.#options.logger.error(
          { error: errorRecord(error), server: this.#id },
          'a lost server could not be registered again; trying again',
        );
        await sleep(REGISTER_AGAIN_MS);
      }
    }
    return false;
  }

  #wakeFeeds(): void {
    for (const feed of this.#options.feeds.values()) feed.wake();
  }

  #event() {
    return { serverId: this.#id, name: this.#options.server.name };
  }
}
