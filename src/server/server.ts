import type { EventEmitter } from 'node:events';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine, Feed } from '../engine/engine.js';
import { AttemptLostError, InvalidLifecycleError, ServerStoppingError } from '../errors.js';
import type { JobClient, Logger } from '../job/context.js';
import { errorRecord } from '../job/error-record.js';
import type { Events } from '../job/events.js';
import { type CheckedServerOptions, checkStopOptions, type Retention, type StopOptions } from '../options.js';
import type { Database } from '../storage/database.js';
import { JobTransactions } from '../storage/job-transactions.js';
import { hasSucceeded } from '../storage/jobs.js';
import type { Listener } from '../storage/listener.js';
import { checkMigrated } from '../storage/migration-state.js';
import { markStopped, registerServer } from '../storage/servers.js';
import { expiryLoop } from './expiry.js';
import { hearing } from './hearing.js';
import { heartbeatLoop } from './heartbeat.js';
import type { Loop } from './loop.js';
import { Outcomes } from './outcomes.js';
import { Performer } from './perform.js';
import { pollLoop } from './poll.js';
import { Promoter } from './promoter.js';
import { recoveryLoop } from './recovery.js';
import { recurringLoop } from './recurring.js';
import { Reports } from './reports.js';
import { Transactional } from './transactional.js';

/** What a server stands on; made by createFirelock. */
export interface ServerParts {
  readonly database: Database;
  readonly engine: Engine;
  readonly listener: Listener;
  readonly client: JobClient;
  readonly logger: Logger;
  readonly events: EventEmitter<Events>;
  readonly retention: Retention;
}

/** After an abort, handlers have this long to notice it; after that their jobs are given back while they still run. */
const ABORT_GRACE_MS = 2000;
/** Giving jobs back needs Postgres: without it, stopping does not wait longer than this. */
const RELEASE_LIMIT_MS = 5000;

/**
 * A process' share of the work: takes jobs from its queues and runs them, and does its part of what every server does for
 * all (promoting, recurring jobs, recovery, expiry).
 */
export class Server {
  readonly #parts: ServerParts;
  readonly #options: CheckedServerOptions;
  readonly #performer: Performer;
  readonly #promoter: Promoter;
  readonly #reports: Reports;
  readonly #outcomes: Outcomes;
  readonly #feeds = new Map<string, Feed>();
  #loops: readonly Loop[] = [];
  #heartbeat: Loop | undefined;
  #stopHearing: () => void = () => undefined;
  #id = '';
  #started: Promise<void> | undefined;
  #stopped: Promise<void> | undefined;

  /** @internal Use `firelock.createServer(options)`. */
  constructor(parts: ServerParts, options: CheckedServerOptions) {
    this.#parts = parts;
    this.#options = options;
    this.#promoter = new Promoter(parts.engine, parts.logger);
    this.#reports = new Reports(parts.events, parts.logger);
    this.#outcomes = new Outcomes({
      reports: this.#reports,
      promoter: this.#promoter,
      logger: parts.logger,
      serverId: () => this.#id,
      hasSucceeded: (job) => hasSucceeded(parts.database, job),
    });
    this.#performer = this.#createPerformer();
  }

  /** Unique among all servers there ever were; empty before `start`. */
  get id(): string {
    return this.#id;
  }

  /** How often this has happened on this server since it was created. */
  count(event: keyof Events): number {
    return this.#reports.count(event);
  }

  /**
   * Registers the server and starts to take jobs; resolves when it does.
   * @throws MigrationRequiredError, NewerSchemaError, InvalidLifecycleError if it was started before
   */
  async start(): Promise<void> {
    if (this.#started !== undefined)
      throw new InvalidLifecycleError('The server was started before. Create another one.');
    this.#started = this.#start();
    try {
      await this.#started;
    } catch (error) {
      this.#started = undefined;
      throw error;
    }
  }

  async #start(): Promise<void> {
    await checkMigrated(this.#parts.database, this.#parts.database.schema);
    await this.#register();
    this.#startFeeds();
    this.#startLoops();
    this.#parts.logger.info({ server: this.#id, queues: this.#options.queues }, 'server started');
  }

  /**
   * Stops: claims nothing more, lets running jobs finish for `grace` (default 30 s), then aborts their signals, and gives
   * back what is still unfinished; that attempt does not count. May be called again: a later call waits for the first.
   *
   * @example
   * process.once('SIGTERM', () => void server.stop({ grace: '10s' }));
   */
  async stop(options?: StopOptions): Promise<void> {
    const graceMs = checkStopOptions(options);
    // One that is still starting is stopped when it has started; one that fails to start has nothing to stop.
    await this.#started?.catch(() => undefined);
    if (this.#started === undefined) return;
    this.#stopped ??= this.#stop(graceMs);
    await this.#stopped;
  }

  async #stop(graceMs: number): Promise<void> {
    this.#stopHearing();
    for (const feed of this.#feeds.values()) feed.stopClaiming();
    await Promise.all(this.#loops.map((loop) => loop.stop()));
    await this.#drain(graceMs);
    for (const feed of this.#feeds.values()) feed.close();
    await this.#heartbeat?.stop();
    await markStopped(this.#parts.database, this.#id).catch((error: unknown) => this.#report(error));
    this.#parts.logger.info({ server: this.#id }, 'server stopped');
  }

  /** The lease is renewed until the last job is settled: others must not take over what still runs. */
  async #drain(graceMs: number): Promise<void> {
    if (await this.#idleWithin(graceMs)) return;
    this.#performer.abortAll(() => new ServerStoppingError());
    if (await this.#idleWithin(ABORT_GRACE_MS)) return;
    this.#performer.giveUpAll();
    for (const feed of this.#feeds.values()) feed.abandon();
    if (await this.#idleWithin(RELEASE_LIMIT_MS)) return;
    this.#parts.logger.error(
      { server: this.#id },
      'stopped without giving its jobs back: other servers recover them',
    );
  }

  async #idleWithin(limitMs: number): Promise<boolean> {
    const limit = new AbortController();
    const idle = Promise.all([...this.#feeds.values()].map((feed) => feed.idle())).then(() => true);
    const over = sleep(limitMs, false, { signal: limit.signal }).catch(() => false);
    return Promise.race([idle, over]).finally(() => limit.abort());
  }

  #createPerformer(): Performer {
    const { jobs, queues } = this.#options;
    const { database, client, logger } = this.#parts;
    const serverId = () => this.#id;
    const slots = Object.values(queues).reduce((sum, each) => sum + each, 0);
    const transactions = new JobTransactions(database, slots);
    const outcomes = this.#outcomes;
    const transactional = new Transactional({ transactions, outcomes, serverId });
    return new Performer({ jobs, client, logger, reports: this.#reports, serverId, transactional });
  }

  async #register(): Promise<void> {
    const name = this.#options.name ?? `${hostname()}:${process.pid}`;
    this.#id = await registerServer(this.#parts.database, {
      name,
      queues: this.#options.queues,
      jobNames: this.#options.jobs.map((job) => job.name),
    });
  }

  #startFeeds(): void {
    const names = this.#options.jobs.map(({ name }) => name);
    for (const [queue, slots] of Object.entries(this.#options.queues)) {
      const feed = this.#parts.engine.feed({
        serverId: () => this.#id,
        queue,
        slots,
        names,
        perform: (job) => this.#performer.perform(job),
        onSettled: (ended) => this.#outcomes.settled(ended),
        onStale: (ended) => this.#outcomes.stale(ended),
        onError: (error) => this.#report(error),
      });
      this.#feeds.set(queue, feed);
    }
  }

  #startLoops(): void {
    const { database, engine, listener, logger, retention } = this.#parts;
    const promoter = this.#promoter;
    const recurring = recurringLoop(database, engine, logger);
    const names = this.#options.jobs.map(({ name }) => name);
    const poll = pollLoop({ database, feeds: this.#feeds, names, logger });
    this.#loops = [
      promoter.loop,
      recurring,
      poll,
      recoveryLoop(engine, logger),
      expiryLoop(database, retention, logger),
    ];
    this.#heartbeat = heartbeatLoop({
      database,
      logger,
      serverId: () => this.#id,
      onLost: () => this.#reRegister(),
    });
    this.#stopHearing = listener.hear(hearing(this.#feeds, promoter, recurring));
    listener.start();
    for (const loop of [...this.#loops, this.#heartbeat]) loop.start();
  }

  /** Declared lost while alive: its jobs are others' now. It goes on as a new server. */
  async #reRegister(): Promise<void> {
    this.#parts.logger.error(
      { server: this.#id },
      'declared lost: its jobs run elsewhere, their attempts here are aborted',
    );
    // Forgotten first: what the aborted handlers say now must not count as a failed attempt.
    for (const feed of this.#feeds.values()) feed.forget();
    this.#performer.abortAll(({ id, attempt }) => new AttemptLostError(id, attempt));
    await this.#register();
    for (const feed of this.#feeds.values()) feed.wake();
  }

  #report(error: unknown): void {
    this.#parts.logger.error(
      { error: errorRecord(error), server: this.#id },
      'a database call failed and will be repeated',
    );
  }
}
