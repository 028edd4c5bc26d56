import type { EventEmitter } from 'node:events';
import { hostname } from 'node:os';
import type { Engine, Feed } from '../engine/engine.js';
import { AttemptLostError, InvalidLifecycleError } from '../errors.js';
import type { JobClient, Logger } from '../job/context.js';
import { errorRecord } from '../job/error-record.js';
import type { Events } from '../job/events.js';
import { type CheckedServerOptions, checkStopOptions, type Retention, type StopOptions } from '../options.js';
import type { Database } from '../storage/database.js';
import type { Listener } from '../storage/listener.js';
import { checkMigrated } from '../storage/migration-state.js';
import { markStopped, registerServer } from '../storage/servers.js';
import { endsWithin } from '../storage/time-limit.js';
import { Cancellations } from './cancellations.js';
import { drain } from './drain.js';
import { expiryLoop } from './expiry.js';
import { Grace } from './grace.js';
import { hearing } from './hearing.js';
import { heartbeatLoop } from './heartbeat.js';
import type { Loop } from './loop.js';
import { Outcomes } from './outcomes.js';
import { Performer } from './perform.js';
import { pollLoop } from './poll.js';
import { Promoter } from './promoter.js';
import { Reconciliation } from './reconciliation.js';
import { recoveryLoop } from './recovery.js';
import { recurringLoop } from './recurring.js';
import { Reports } from './reports.js';

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

const DEFAULT_GRACE_MS = 30_000;
/** Starting and leaving need Postgres: without it, stopping does not wait longer than this. */
const START_LIMIT_MS = 5000;
const LEAVE_LIMIT_MS = 2000;

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
  readonly #cancellations: Cancellations;
  readonly #grace = new Grace();
  readonly #feeds = new Map<string, Feed>();
  /** Until it stops, and until its last job is settled. */
  #loops: readonly Loop[] = [];
  #lastingLoops: readonly Loop[] = [];
  #stopHearing: () => void = () => undefined;
  #id = '';
  #started: Promise<void> | undefined;
  #stopped: Promise<void> | undefined;
  /** It runs nothing any more, whatever Postgres answers only now. */
  #left = false;

  /** @internal Use `firelock.createServer(options)`. */
  constructor(parts: ServerParts, options: CheckedServerOptions) {
    this.#parts = parts;
    this.#options = options;
    this.#performer = new Performer(options.jobs, parts);
    this.#promoter = new Promoter(parts.engine, parts.logger);
    this.#reports = new Reports(parts.events, parts.logger);
    this.#cancellations = new Cancellations(this.#performer);
    this.#outcomes = new Outcomes({
      database: parts.database,
      reports: this.#reports,
      promoter: this.#promoter,
      logger: parts.logger,
      serverId: () => this.#id,
      stillRuns: (attempt) => this.#performer.runs(attempt),
    });
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
   * back what is still unfinished; that attempt does not count. May be called again: a later call waits for the first, and
   * hurries it if its own grace ends earlier. When Postgres does not answer it resolves all the same, at most 9 s after the
   * grace; other servers recover then what could not be given back.
   *
   * @throws InvalidOptionsError
   * @example
   * process.once('SIGTERM', () => void server.stop({ grace: '20s' }));
   */
  async stop(options?: StopOptions): Promise<void> {
    const graceMs = checkStopOptions(options);
    if (this.#started === undefined) return;
    // One that is still starting is stopped when it has started; one that fails to start has nothing to stop.
    const started = this.#started.catch(() => undefined);
    if (!(await endsWithin(START_LIMIT_MS, started))) return void started.then(() => this.stop({ grace: 0 }));
    if (this.#started === undefined) return;
    if (this.#stopped === undefined || graceMs !== undefined)
      this.#grace.limitTo(graceMs ?? DEFAULT_GRACE_MS);
    this.#stopped ??= this.#stop();
    await this.#stopped;
  }

  async #stop(): Promise<void> {
    const feeds = [...this.#feeds.values()];
    for (const feed of feeds) feed.stopClaiming();
    const loopsStopped = this.#loops.map((loop) => loop.stop());
    // The lease is renewed until the last job is settled: others must not take over what still runs.
    const settled = await drain({ performer: this.#performer, feeds, grace: this.#grace });
    this.#grace.forget();
    this.#left = true;
    for (const feed of feeds) feed.close();
    const left = await endsWithin(LEAVE_LIMIT_MS, Promise.all([...loopsStopped, this.#leave()]));
    this.#logStop(settled && left);
  }

  async #leave(): Promise<void> {
    this.#stopHearing();
    const loopsStopped = this.#lastingLoops.map((loop) => loop.stop());
    const told = [this.#outcomes.endings.flush(), markStopped(this.#parts.database, this.#id)];
    await Promise.all([...loopsStopped, ...told]).catch((error: unknown) => this.#report(error));
  }

  #logStop(inOrder: boolean): void {
    const { logger } = this.#parts;
    if (inOrder) logger.info({ server: this.#id }, 'server stopped');
    else
      logger.error(
        { server: this.#id },
        'server stopped, but Postgres did not answer: other servers recover its jobs',
      );
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
        perform: (job) => this.#cancellations.perform(job),
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
    const heartbeat = heartbeatLoop({
      database,
      logger,
      serverId: () => this.#id,
      onLost: () => this.#reRegister(),
    });
    const reconciliation = this.#reconciliation();
    this.#lastingLoops = [heartbeat, reconciliation.loop, this.#outcomes.endings.loop];
    const cancellations = this.#cancellations;
    this.#stopHearing = listener.hear(
      hearing({ feeds: this.#feeds, promoter, recurring, cancellations, reconciliation }),
    );
    listener.start();
    for (const loop of [...this.#loops, ...this.#lastingLoops]) loop.start();
  }

  #reconciliation(): Reconciliation {
    return new Reconciliation({
      ...this.#parts,
      serverId: () => this.#id,
      feeds: this.#feeds,
      performer: this.#performer,
      cancellations: this.#cancellations,
    });
  }

  /** Declared lost while alive: its jobs are others' now. It goes on as a new server. */
  async #reRegister(): Promise<void> {
    if (this.#left) return;
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
