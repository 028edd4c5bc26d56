import { EventEmitter } from 'node:events';
import type { Express } from 'express';
import type { ActOptions } from './client/acts.js';
import { Acts } from './client/acts.js';
import { Enqueuer } from './client/enqueuer.js';
import { Calendars } from './client/calendars.js';
import { RecurringJobs } from './client/recurring-jobs.js';
import type {
  PauseOptions,
  RecurringActOptions,
  RecurringOptions,
  RecurringOverride,
  TriggerOptions,
} from './client/recurring-options.js';
import { type ServerActOptions, Servers } from './client/servers.js';
import { createDashboard } from './dashboard/dashboard.js';
import type { DashboardOptions } from './dashboard/options.js';
import { ClaimGate } from './engine/claim-gate.js';
import type { Engine } from './engine/engine.js';
import { NativeEngine } from './engine/native/native-engine.js';
import type { CallArguments, JobArgs, JobClient } from './job/context.js';
import type { JobContract } from './job/contract.js';
import type { Duration } from './duration.js';
import type { EnqueueOptions } from './job/enqueue-options.js';
import { errorRecord } from './job/error-record.js';
import type { Events } from './job/events.js';
import type { JobWithHistory } from './job/job.js';
import { checkJobId } from './job/job-id.js';
import * as acts from './job/transition.js';
import { planFor } from './job/when.js';
import type { CalendarRules } from './schedule/calendar.js';
import {
  type CheckedFirelockOptions,
  checkFirelockOptions,
  checkServerOptions,
  type FirelockOptions,
  type ServerOptions,
} from './options.js';
import { Reports } from './server/reports.js';
import { Server, type ServerParts } from './server/server.js';
import * as ask from './storage/ask-server.js';
import { connect } from './storage/connections.js';
import { Database } from './storage/database.js';
import { findJob } from './storage/jobs.js';
import { findRecurringJob, listRecurringJobs, type RecurringJob } from './storage/recurring-jobs.js';
import { type RecurringRun, recurringRuns } from './storage/recurring-runs.js';
import { Listener } from './storage/listener.js';
import { migrate } from './storage/migrations.js';
import { channelOf } from './storage/notification.js';
import { Notifier } from './storage/notifier.js';
import { endsWithin } from './storage/time-limit.js';

const RUNS_LISTED = 500;
/** Notifications only hasten what polling finds anyway. */
const FLUSH_LIMIT_MS = 1000;

/** Two calls of a queue at once, for a few busy queues, and the loops; a call that finds none free waits for one. */
const SERVERS_CONNECTIONS = 5;

/**
 * Opens a Firelock installation: the object through which an application enqueues jobs, runs servers and mounts the
 * dashboard. Connects when first used; nothing is written. Call `close()` when done.
 *
 * @throws InvalidOptionsError for unknown or bad options, all at once
 * @example
 * const firelock = createFirelock({ connectionString: 'postgres://localhost/shop' });
 * await firelock.migrate();
 * await firelock.enqueue(sendWelcome, { userId: 1 });
 */
export function createFirelock(options: FirelockOptions): Firelock {
  return new Firelock(checkFirelockOptions(options));
}

/** What all servers of a process share. */
type SharedParts = Pick<ServerParts, 'database' | 'engine' | 'listener' | 'gate'>;

/** One installation, seen from one process. */
export class Firelock implements JobClient {
  readonly #options: CheckedFirelockOptions;
  readonly #database: Database;
  readonly #engine: Engine;
  readonly #enqueuer: Enqueuer;
  readonly #acts: Acts;
  readonly #recurring: RecurringJobs;
  readonly #calendars: Calendars;
  readonly #asking: Servers;
  readonly #events = new EventEmitter<Events>();
  readonly #report: (error: unknown) => void;
  readonly #servers: Server[] = [];
  #serverParts: SharedParts | undefined;
  #closed: Promise<void> | undefined;

  /** @internal Use `createFirelock(options)`. */
  constructor(options: CheckedFirelockOptions) {
    this.#report = (error) =>
      options.logger.warn({ error: errorRecord(error) }, 'a connection to Postgres failed; another is used');
    this.#options = options;
    this.#database = new Database(connect(options.connection, this.#report), options.schema);
    const notifier = new Notifier(this.#database, channelOf(options.schema), this.#report);
    this.#engine = new NativeEngine(this.#database, notifier);
    this.#enqueuer = new Enqueuer(this.#database, this.#engine);
    this.#acts = new Acts({ database: this.#database, engine: this.#engine, notifier });
    this.#recurring = new RecurringJobs(this.#database, this.#engine);
    this.#calendars = new Calendars(this.#database);
    this.#asking = new Servers(this.#database);
  }

  /**
   * Creates Firelock's tables, or brings them to this release's state. May be repeated, and run by several processes at
   * once. Answers the names of the migrations that were applied.
   * @throws NewerSchemaError
   */
  migrate(): Promise<readonly string[]> {
    return migrate(this.#database);
  }

  /**
   * Creates a job that runs as soon as a server has a free slot; answers its id. Not idempotent: each call is a job.
   *
   * @throws InvalidArgsError, UnstorableValueError, InvalidOptionsError, UnsupportedTransactionError, MigrationRequiredError;
   *   nothing is written then
   * @example
   * const id = await firelock.enqueue(sendWelcome, { userId: 1 }, { priority: 'high', tx });
   */
  enqueue<Input>(
    job: JobContract<Input>,
    ...call: CallArguments<NoInfer<Input>, EnqueueOptions>
  ): Promise<string> {
    return this.#enqueuer.enqueue(job, ...call);
  }

  /**
   * Creates a job for each of the args, 1,000 a statement, all or none; answers their ids in the same order.
   *
   * @throws as `enqueue`
   * @example
   * const ids = await firelock.enqueueMany(sendWelcome, users.map(({ id }) => ({ userId: id })));
   */
  enqueueMany<Input>(
    job: JobContract<Input>,
    args: readonly JobArgs<NoInfer<Input>>[],
    options?: EnqueueOptions,
  ): Promise<string[]> {
    return this.#enqueuer.enqueueMany(job, args, options);
  }

  /**
   * Creates a job that runs once, later: after a duration by the database's clock, or at an instant. One that is past runs
   * at once.
   *
   * @throws as `enqueue`, and InvalidDurationError
   * @example
   * await firelock.schedule(remind, { userId: 1 }, '5m');
   */
  schedule<Input>(
    job: JobContract<Input>,
    args: JobArgs<NoInfer<Input>>,
    when: Duration | Date,
    options?: Omit<EnqueueOptions, 'delay'>,
  ): Promise<string> {
    return this.#enqueuer.schedule(job, args, when, options);
  }

  /**
   * Creates the recurring job `id`, or makes it what is given here. May be repeated, by any number of processes: its next
   * run is computed anew only when what decides it changed. A pause and an override stay.
   *
   * @param schedule A cron expression of 5 fields, of 6 with seconds first, or a macro; or what `every` and `at` write. The
   *   rules are in docs/schedules.md.
   * @throws InvalidScheduleError, InvalidOptionsError, and as `enqueue`; nothing is written then
   * @example
   * await firelock.addOrUpdateRecurring('daily-report', report, {}, cron.daily(2), {
   *   timeZone: 'Asia/Seoul',
   *   overlap: 'skip',
   * });
   */
  addOrUpdateRecurring<Input>(
    id: string,
    job: JobContract<Input>,
    args: JobArgs<NoInfer<Input>>,
    schedule: string,
    options?: RecurringOptions,
  ): Promise<void> {
    return this.#recurring.addOrUpdate(id, job, args, schedule, options);
  }

  /**
   * Runs a recurring job now, beside its schedule, whatever its pause or overlap say. Answers the job's id, or undefined if
   * there is no such recurring job. Not idempotent: each call is a job.
   * @example
   * await firelock.triggerRecurring('daily-report', { args: { day: '2026-11-19' }, by: 'ann' });
   */
  triggerRecurring(id: string, options?: TriggerOptions): Promise<string | undefined> {
    return this.#recurring.trigger(id, options);
  }

  /**
   * Lets a recurring job fire no more until it is resumed, or until an instant. Occurrences of that time are neither fired
   * nor made up for. Answers whether there is such a recurring job. May be repeated: who, why and until when are then as said last.
   * @example
   * await firelock.pauseRecurring('daily-report', { until: '2h', by: 'ann', reason: 'the API is down' });
   */
  pauseRecurring(id: string, options?: PauseOptions): Promise<boolean> {
    return this.#recurring.pause(id, options);
  }

  /** Ends a pause: the next run is at its time, and only then. Answers whether it was paused. May be repeated. */
  resumeRecurring(id: string): Promise<boolean> {
    return this.#recurring.resume(id);
  }

  /**
   * Puts something else in the place of what code defines: it stays through deploys, until it is dropped. An override before is
   * replaced whole. Answers whether there is such a recurring job.
   * @throws InvalidScheduleError, InvalidOptionsError; nothing is changed then
   * @example
   * await firelock.overrideRecurring('daily-report', { schedule: '0 3 * * *' }, { by: 'ann', reason: 'less load at 3' });
   */
  overrideRecurring(
    id: string,
    override: RecurringOverride,
    options?: RecurringActOptions,
  ): Promise<boolean> {
    return this.#recurring.override(id, override, options);
  }

  /** Lets what code defines count again. Answers whether there is such a recurring job. May be repeated. */
  dropRecurringOverride(id: string): Promise<boolean> {
    return this.#recurring.dropOverride(id);
  }

  /** Removes a recurring job; jobs that it enqueued stay. Answers whether there was one. May be repeated. */
  removeRecurring(id: string): Promise<boolean> {
    return this.#recurring.remove(id);
  }

  /** The recurring job as it stands, or undefined if there is none. */
  async getRecurring(id: string): Promise<RecurringJob | undefined> {
    await this.#database.ensureMigrated();
    return findRecurringJob(this.#database.kysely, id);
  }

  /** All recurring jobs, the next to fire first. */
  async listRecurring(): Promise<readonly RecurringJob[]> {
    await this.#database.ensureMigrated();
    return listRecurringJobs(this.#database.kysely);
  }

  /** What became of the latest occurrences of a recurring job, the latest first; 500 are kept. */
  async listRecurringRuns(id: string): Promise<readonly RecurringRun[]> {
    await this.#database.ensureMigrated();
    return recurringRuns(this.#database.kysely, id, RUNS_LISTED);
  }

  /**
   * Creates a calendar, or makes it what is given here: times at which the recurring jobs that name it do not fire. May be
   * repeated; their next runs are computed anew.
   * @throws InvalidScheduleError, InvalidOptionsError; nothing is written then
   * @example
   * await firelock.addOrUpdateCalendar('holidays', { dates: ['12-25', '12-26', '2026-04-06'] });
   */
  addOrUpdateCalendar(name: string, rules: CalendarRules): Promise<void> {
    return this.#calendars.addOrUpdate(name, rules);
  }

  /** Removes a calendar. Answers whether there was one. @throws CalendarInUseError while recurring jobs name it */
  removeCalendar(name: string): Promise<boolean> {
    return this.#calendars.remove(name);
  }

  /**
   * Runs a failed job or a dead letter now; one out of attempts gets one more. Answers whether it applied.
   * @throws InvalidJobIdError, InvalidOptionsError
   */
  retry(id: string, options?: ActOptions): Promise<boolean> {
    return this.#act(acts.retry, id, { options });
  }

  /** Puts a job back into its queue to run (again), whatever its end was; not one that is running. Otherwise as `retry`. */
  requeue(id: string, options?: ActOptions): Promise<boolean> {
    return this.#act(acts.requeue, id, { options });
  }

  /**
   * Cancels a job; its row stays for its retention. A running one is told to stop: its `ctx.signal` is aborted within 1 s
   * (10 s without notifications), and the history says how it ended; what it returns or throws changes nothing. Otherwise
   * as `retry`.
   */
  delete(id: string, options?: ActOptions): Promise<boolean> {
    return this.#act(acts.remove, id, { options });
  }

  /**
   * Plans a waiting job for another time. Otherwise as `retry`.
   * @example
   * await firelock.reschedule(id, '1h', { from: 'scheduled', by: 'ops', reason: 'mail server is down' });
   */
  async reschedule(id: string, when: Duration | Date, options?: ActOptions): Promise<boolean> {
    return this.#act(acts.reschedule, id, { options, plan: planFor('reschedule', when) });
  }

  /** The job with its history, or undefined if there is none (any more). @throws InvalidJobIdError */
  async getJob(id: string): Promise<JobWithHistory | undefined> {
    checkJobId(id);
    await this.#database.ensureMigrated();
    return findJob(this.#database.kysely, id);
  }

  /**
   * The dashboard, to be mounted under any path of an Express app, or served by bare `node:http`. Without options it
   * answers requests of this machine alone.
   * @throws InvalidOptionsError
   * @example
   * app.use('/jobs', firelock.dashboard({ authorize: (req) => req.user?.isAdmin === true }));
   */
  dashboard(options?: DashboardOptions): Express {
    const subject = {
      database: this.#database,
      acts: this.#acts,
      recurringJobs: this.#recurring,
      logger: this.#options.logger,
    };
    return createDashboard(subject, options);
  }

  /**
   * A server that runs jobs in this process; start it with `start()`.
   * @throws InvalidOptionsError, InvalidServerJobsError
   * @example
   * const server = firelock.createServer({ jobs: [sendWelcome], queues: { emails: 5, default: 20 } });
   * await server.start();
   */
  createServer(options: ServerOptions): Server {
    this.#serverParts ??= this.#partsForServers();
    const parts = {
      ...this.#serverParts,
      client: this,
      logger: this.#options.logger,
      events: this.#events,
      retention: this.#options.retention,
    };
    const server = new Server(parts, checkServerOptions(options));
    this.#servers.push(server);
    return server;
  }

  /**
   * Asks a running server, of any process, to claim nothing more: it finishes what it runs, keeps its lease, and does its part of
   * what every server does for all. Answers whether it applied: false for a server that has left, or is to stop. May be repeated.
   * @throws InvalidOptionsError
   * @example
   * await firelock.quietServer('42', { by: 'ann', reason: 'its disk is full' });
   */
  quietServer(id: string, options?: ServerActOptions): Promise<boolean> {
    return this.#asking.ask(ask.quiet, id, options);
  }

  /**
   * Lets a server that was asked to be quiet take jobs again. Answers whether it was quiet. May be repeated. Otherwise as
   * `quietServer`.
   */
  wakeServer(id: string, options?: ServerActOptions): Promise<boolean> {
    return this.#asking.ask(ask.wake, id, options);
  }

  /**
   * Asks a running server, of any process, to stop, as by `server.stop()`: with the grace that it was created with. The command
   * `firelock server` then ends. Answers whether the server runs: it stops some time later. There is no way back. May be
   * repeated. Otherwise as `quietServer`.
   */
  stopServer(id: string, options?: ServerActOptions): Promise<boolean> {
    return this.#asking.ask(ask.stop, id, options);
  }

  /**
   * Hears what the servers of this process do and notice, after it is committed; see `Events`. A listener that throws is
   * logged and harms nothing.
   * @example
   * firelock.on('job:dead', ({ job, error }) => alarm(`${job.name} ${job.id}: ${error.message}`));
   */
  on<Name extends keyof Events>(name: Name, listener: (...event: Events[Name]) => unknown): this {
    // The emitter's own type wants a listener of every event at once.
    this.#events.on<keyof Events>(name, listener as never);
    return this;
  }

  /** Hears an event no more. */
  off<Name extends keyof Events>(name: Name, listener: (...event: Events[Name]) => unknown): this {
    // As in `on`.
    this.#events.off<keyof Events>(name, listener as never);
    return this;
  }

  /** Stops its servers, sends what is still to be sent, and closes Firelock's own connections. May be repeated. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    await Promise.all(this.#servers.map((server) => server.stop()));
    const servers = this.#serverParts;
    await endsWithin(FLUSH_LIMIT_MS, Promise.all([this.#engine.flush(), servers?.engine.flush()]));
    await Promise.all([servers?.listener.stop(), this.#database.close(), servers?.database.close()]);
  }

  #partsForServers(): SharedParts {
    const reports = new Reports(this.#events, this.#options.logger);
    const database = this.#database.forServers(SERVERS_CONNECTIONS, {
      onUnreachable: (error) => reports.report('database:unreachable', () => ({ error: errorRecord(error) })),
      onReachable: (afterMs) => reports.report('database:reachable', () => ({ afterMs })),
    });
    return {
      database,
      engine: new NativeEngine(database, new Notifier(database, channelOf(database.schema), this.#report)),
      listener: new Listener(database, this.#report),
      gate: new ClaimGate(),
    };
  }

  async #act(act: acts.Act, id: string, call: Parameters<Acts['apply']>[2]): Promise<boolean> {
    return (await this.#acts.apply(act, [id], call)).length === 1;
  }
}
