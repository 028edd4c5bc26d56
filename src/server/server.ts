import type { EventEmitter } from 'node:events';
import { hostname } from 'node:os';
import type { ClaimGate } from '../engine/claim-gate.js';
import type { Engine, Feed } from '../engine/engine.js';
import { InvalidLifecycleError } from '../errors.js';
import type { JobClient, Logger } from '../job/context.js';
import { errorRecord } from '../job/error-record.js';
import type { Events } from '../job/events.js';
import { type CheckedServerOptions, checkStopOptions, type Retention, type StopOptions } from '../options.js';
import type { Database } from '../storage/database.js';
import { JobTransactions } from '../storage/job-transactions.js';
import type { Listener } from '../storage/listener.js';
import { checkMigrated } from '../storage/migration-state.js';
import { endsWithin } from '../storage/time-limit.js';
import type { Sighting } from '../storage/watch.js';
import { Cancellations } from './cancellations.js';
import { drain } from './drain.js';
import { Grace } from './grace.js';
import { hearing } from './hearing.js';
import { Leader } from './leader.js';
import { Membership } from './membership.js';
import { Outcomes } from './outcomes.js';
import { Output } from './output.js';
import { Performer } from './perform.js';
import { Quarantine } from './quarantine.js';
import { Reconciliation } from './reconciliation.js';
import { Reports } from './reports.js';
import { Statistics } from './statistics.js';
import { Transactional } from './transactional.js';

/** What a server stands on; made by createFirelock. */
export interface ServerParts {
  readonly database: Database;
  readonly engine: Engine;
  readonly listener: Listener;
  readonly gate: ClaimGate;
  /** What the handler of a job enqueues with. */
  readonly clientFor: (originId: string) => JobClient;
  readonly logger: Logger;
  readonly events: EventEmitter<Events>;
  readonly retention: Retention;
}

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
  readonly #reports: Reports;
  readonly #membership: Membership;
  readonly #statistics: Statistics;
  readonly #leader: Leader;
  readonly #outcomes: Outcomes;
  readonly #output: Output;
  readonly #cancellations: Cancellations;
  readonly #quarantine: Quarantine;
  readonly #reconciliation: Reconciliation;
  readonly #grace = new Grace();
  readonly #feeds = new Map<string, Feed>();
  #stopHearing: () => void = () => undefined;
  #started: Promise<void> | undefined;
  #stopped: Promise<void> | undefined;

  /** @internal Use `firelock.createServer(options)`. */
  constructor(parts: ServerParts, options: CheckedServerOptions) {
    const { database, gate, logger, events } = parts;
    const serverId = () => this.id;
    this.#parts = parts;
    this.#options = options;
    this.#reports = new Reports(events, logger);
    this.#statistics = new Statistics(parts);
    this.#quarantine = new Quarantine({
      gate,
      feeds: this.#feeds,
      logger,
      serverId,
      mayClaim: () => this.#membership.mayClaim,
    });
    this.#leader = this.#createLeader();
    this.#outcomes = new Outcomes({
      database,
      reports: this.#reports,
      promoter: this.#leader.promoter,
      statistics: this.#statistics,
      logger,
      serverId,
      stillRuns: (attempt) => this.#performer.runs(attempt),
    });
    this.#output = new Output(parts);
    this.#performer = this.#createPerformer();
    this.#membership = this.#createMembership();
    this.#cancellations = new Cancellations(this.#performer);
    this.#reconciliation = new Reconciliation({
      ...parts,
      serverId,
      feeds: this.#feeds,
      performer: this.#performer,
      cancellations: this.#cancellations,
    });
  }

  /** Unique among all servers there ever were; empty before `start`. */
  get id(): string {
    return this.#membership.id;
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
    await this.#membership.begin();
    this.#startFeeds();
    this.#listen();
    this.#leader.start();
    const { endings } = this.#outcomes;
    const parts = [this.#quarantine, this.#reconciliation, endings, this.#statistics, this.#output];
    for (const { loop } of parts) loop.start();
    this.#reports.report('server:started', () => this.#event());
    this.#parts.logger.info({ server: this.id, queues: this.#options.queues }, 'server started');
  }

  /**
   * Stops: claims nothing more, lets running jobs finish for `grace` (default: that of `createServer`), then aborts their
   * signals, and gives back what is still unfinished; that attempt does not count. May be called again: a later call waits for
   * the first, and hurries it if its own grace ends earlier. When Postgres does not answer it resolves all the same, at most 9 s after the
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
      this.#grace.limitTo(graceMs ?? this.#options.graceMs);
    this.#stopped ??= this.#stop();
    await this.#stopped;
  }

  async #stop(): Promise<void> {
    const feeds = [...this.#feeds.values()];
    for (const feed of feeds) feed.stopClaiming();
    this.#quarantine.stop();
    this.#membership.retire();
    const leaderStopped = this.#leader.stop();
    // The lease is renewed until the last job is settled: others must not take over what still runs.
    const settled = await drain({ performer: this.#performer, feeds, grace: this.#grace });
    this.#grace.forget();
    for (const feed of feeds) {
      feed.close();
      this.#parts.gate.remove(feed);
    }
    const left = await endsWithin(LEAVE_LIMIT_MS, Promise.all([leaderStopped, this.#leave()]));
    this.#logStop(settled && left);
  }

  async #leave(): Promise<void> {
    this.#stopHearing();
    const written = [this.#outcomes.endings, this.#statistics, this.#output];
    const told = [...written.map((part) => part.flush()), this.#membership.end()];
    const stopped = [this.#reconciliation.loop.stop(), this.#quarantine.loop.stop()];
    await Promise.all([...told, ...stopped]).catch((error: unknown) => this.#report(error));
    this.#reports.report('server:stopped', () => this.#event());
  }

  #logStop(inOrder: boolean): void {
    const { logger } = this.#parts;
    if (inOrder) logger.info({ server: this.id }, 'server stopped');
    else
      logger.error(
        { server: this.id },
        'server stopped, but Postgres did not answer: other servers recover its jobs',
      );
  }

  #createLeader(): Leader {
    const { listener } = this.#parts;
    return new Leader({
      ...this.#parts,
      reports: this.#reports,
      statistics: this.#statistics,
      serverId: () => this.id,
      onDeaf: () => listener.replace(),
      onWaiting: (waiting) => this.#hearOfWaiting(waiting),
    });
  }

  #createPerformer(): Performer {
    const { jobs, queues } = this.#options;
    const { database, clientFor, logger } = this.#parts;
    const serverId = () => this.id;
    const slots = Object.values(queues).reduce((sum, each) => sum + each, 0);
    const transactions = new JobTransactions(database, slots);
    const outcomes = this.#outcomes;
    const transactional = new Transactional({ transactions, outcomes, serverId });
    return new Performer({
      jobs,
      clientFor,
      logger,
      reports: this.#reports,
      serverId,
      transactional,
      output: this.#output,
      onLate: (ended) => outcomes.late(ended),
    });
  }

  #createMembership(): Membership {
    const { jobs, queues } = this.#options;
    return new Membership({
      ...this.#parts,
      reports: this.#reports,
      server: { name: this.#name, queues, jobNames: jobs.map(({ name }) => name) },
      feeds: this.#feeds,
      performer: this.#performer,
      onStop: () => this.#stopAsAsked(),
    });
  }

  #stopAsAsked(): void {
    this.#parts.logger.info({ server: this.id }, 'asked to stop: the server claims nothing more, and leaves');
    this.stop().catch((error: unknown) => this.#report(error));
  }

  #startFeeds(): void {
    const names = this.#options.jobs.map(({ name }) => name);
    for (const [queue, slots] of Object.entries(this.#options.queues)) {
      const feed = this.#parts.engine.feed({
        serverId: () => this.id,
        queue,
        slots,
        names,
        perform: (job) => this.#cancellations.perform(job),
        mayClaim: () => this.#membership.mayClaim && !this.#parts.gate.closed,
        onSettled: (ended) => this.#outcomes.settled(ended),
        onStale: (ended) => this.#outcomes.stale(ended),
        onError: (error) => this.#report(error),
      });
      this.#feeds.set(queue, feed);
      this.#parts.gate.add(feed);
    }
  }

  #hearOfWaiting({ ready, suspect }: Pick<Sighting, 'ready' | 'suspect'>): void {
    for (const queue of ready) this.#feeds.get(queue)?.wake();
    for (const each of suspect) this.#quarantine.hearOf(each);
  }

  #listen(): void {
    const { listener } = this.#parts;
    this.#stopHearing = listener.hear(
      hearing({
        feeds: this.#feeds,
        leader: this.#leader,
        quarantine: this.#quarantine,
        cancellations: this.#cancellations,
        membership: this.#membership,
        reconciliation: this.#reconciliation,
      }),
    );
    listener.start();
  }

  get #name(): string {
    return this.#options.name ?? `${hostname()}:${process.pid}`;
  }

  #event() {
    return { serverId: this.id, name: this.#name };
  }

  #report(error: unknown): void {
    this.#parts.logger.error(
      { error: errorRecord(error), server: this.id },
      'a database call failed and will be repeated',
    );
  }
}
