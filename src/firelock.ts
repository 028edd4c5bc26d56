import { EventEmitter } from 'node:events';
import type { Express } from 'express';
import type { ActOptions } from './client/acts.js';
import type { Attribution } from './client/attribution.js';
import { type Client, createClient } from './client/client.js';
import type { JobChanges } from './client/job-changes.js';
import type {
  PauseOptions,
  RecurringActOptions,
  RecurringOptions,
  RecurringOverride,
  TriggerOptions,
} from './client/recurring-options.js';
import type { RunAgainOptions } from './client/reruns.js';
import { createDashboard } from './dashboard/dashboard.js';
import type { DashboardOptions } from './dashboard/options.js';
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
import { ProcessServers } from './server/process-servers.js';
import type { Server } from './server/server.js';
import * as ask from './storage/ask-server.js';
import { connect } from './storage/connections.js';
import { Database } from './storage/database.js';
import { findJob } from './storage/jobs.js';
import { findRecurringJob, listRecurringJobs, type RecurringJob } from './storage/recurring-jobs.js';
import { type RecurringRun, recurringRuns } from './storage/recurring-runs.js';
import { migrate } from './storage/migrations.js';
import { channelOf } from './storage/notification.js';
import { Notifier } from './storage/notifier.js';
import { endsWithin } from './storage/time-limit.js';

const RUNS_LISTED = 500;
/** Notifications only hasten what polling finds anyway. */
const FLUSH_LIMIT_MS = 1000;

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

/** One installation, seen from one process. */
export class Firelock implements JobClient {
  readonly #options: CheckedFirelockOptions;
  readonly #database: Database;
  readonly #engine: Engine;
  readonly #client: Client;
  readonly #events = new EventEmitter<Events>();
  readonly #servers: ProcessServers;
  #closed: Promise<void> | undefined;

  /** @internal Use `createFirelock(options)`. */
  constructor(options: CheckedFirelockOptions) {
    const { logger, retention, schema } = options;
    const onConnectionError = (error: unknown) =>
      logger.warn({ error: errorRecord(error) }, 'a connection to Postgres failed; another is used');
    const database = new Database(connect(options.connection, onConnectionError), schema);
    const notifier = new Notifier(database, channelOf(schema), onConnectionError);
    const engine = new NativeEngine(database, notifier);
    const client = createClient({ database, engine, notifier, logger });
    this.#options = options;
    this.#database = database;
    this.#engine = engine;
    this.#client = client;
    const clientFor = (originId: string) => client.enqueuer.forHandlerOf(originId);
    const events = this.#events;
    this.#servers = new ProcessServers({ database, logger, events, retention, clientFor, onConnectionError });
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
    return this.#client.enqueuer.enqueue(job, ...call);
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
    return this.#client.enqueuer.enqueueMany(job, args, options);
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
    return this.#client.enqueuer.schedule(job, args, when, options);
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
    return this.#client.recurringJobs.addOrUpdate(id, job, args, schedule, options);
  }

  /**
   * Runs a recurring job now, beside its schedule, whatever its pause or overlap say. Answers the job's id, or undefined if
   * there is no such recurring job. Not idempotent: each call is a job.
   * @example
   * await firelock.triggerRecurring('daily-report', { args: { day: '2026-11-19' }, by: 'ann' });
   */
  triggerRecurring(id: string, options?: TriggerOptions): Promise<string | undefined> {
    return this.#client.recurringJobs.trigger(id, options);
  }

  /**
   * Lets a recurring job fire no more until it is resumed, or until an instant. Occurrences of that time are neither fired
   * nor made up for. Answers whether there is such a recurring job. May be repeated: who, why and until when are then as said last.
   * @example
   * await firelock.pauseRecurring('daily-report', { until: '2h', by: 'ann', reason: 'the API is down' });
   */
  pauseRecurring(id: string, options?: PauseOptions): Promise<boolean> {
    return this.#client.recurringJobs.pause(id, options);
  }

  /** Ends a pause: the next run is at its time, and only then. Answers whether it was paused. May be repeated. */
  resumeRecurring(id: string, options?: RecurringActOptions): Promise<boolean> {
    return this.#client.recurringJobs.resume(id, options);
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
    return this.#client.recurringJobs.override(id, override, options);
  }

  /** Lets what code defines count again. Answers whether there is such a recurring job. May be repeated. */
  dropRecurringOverride(id: string, options?: RecurringActOptions): Promise<boolean> {
    return this.#client.recurringJobs.dropOverride(id, options);
  }

  /** Removes a recurring job; jobs that it enqueued stay. Answers whether there was one. May be repeated. */
  removeRecurring(id: string, options?: RecurringActOptions): Promise<boolean> {
    return this.#client.recurringJobs.remove(id, options);
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
  addOrUpdateCalendar(name: string, rules: CalendarRules, options?: Attribution): Promise<void> {
    return this.#client.calendars.addOrUpdate(name, rules, options);
  }

  /** Removes a calendar. Answers whether there was one. @throws CalendarInUseError while recurring jobs name it */
  removeCalendar(name: string, options?: Attribution): Promise<boolean> {
    return this.#client.calendars.remove(name, options);
  }

  /**
   * Runs a failed job or a dead letter now; one out of attempts gets one more. Answers whether it applied.
   * @throws InvalidJobIdError, InvalidOptionsError
   */
  retry(id: string, options?: ActOptions): Promise<boolean> {
    return this.#client.acts.applyTo(id, acts.retry, { options });
  }

  /** Puts a job back into its queue to run (again), whatever its end was; not one that is running. Otherwise as `retry`. */
  requeue(id: string, options?: ActOptions): Promise<boolean> {
    return this.#client.acts.applyTo(id, acts.requeue, { options });
  }

  /**
   * Cancels a job; its row stays for its retention. A running one is told to stop: its `ctx.signal` is aborted within 1 s
   * (10 s without notifications), and the history says how it ended; what it returns or throws changes nothing. Otherwise
   * as `retry`.
   */
  delete(id: string, options?: ActOptions): Promise<boolean> {
    return this.#client.acts.applyTo(id, acts.remove, { options });
  }

  /**
   * Plans a waiting job for another time. Otherwise as `retry`.
   * @example
   * await firelock.reschedule(id, '1h', { from: 'scheduled', by: 'ops', reason: 'mail server is down' });
   */
  async reschedule(id: string, when: Duration | Date, options?: ActOptions): Promise<boolean> {
    return this.#client.acts.applyTo(id, acts.reschedule, { options, plan: planFor('reschedule', when) });
  }

  /**
   * Moves a waiting job (awaiting, scheduled, enqueued or failed) to another queue, or gives it another priority; its state
   * stays. Answers whether it was waiting, and is now so. May be repeated.
   * @throws InvalidJobIdError, InvalidOptionsError
   * @example
   * await firelock.change(id, { queue: 'bulk', priority: 'low' }, { by: 'ann', reason: 'it blocks the others' });
   */
  change(id: string, changes: JobChanges, options?: ActOptions): Promise<boolean> {
    return this.#client.changer.changeOne(id, changes, { options });
  }

  /**
   * Enqueues a new job like this one, whatever has become of it: with its name, queue, priority, timeout, retries and tags,
   * and with other args if some are given; they are checked when it runs. Answers the new job's id, or undefined if there is
   * no such job (any more). Not idempotent: each call is a job.
   * @throws InvalidJobIdError, InvalidOptionsError, UnstorableValueError, UnsupportedTransactionError
   * @example
   * const again = await firelock.runAgain(id, { args: { userId: 2 }, by: 'ann' });
   */
  runAgain(id: string, options?: RunAgainOptions): Promise<string | undefined> {
    return this.#client.reruns.runAgain(id, options);
  }

  /**
   * Lets no server start a job of this queue, until it is resumed; jobs may be enqueued, and those that run go on. When it has
   * resolved, nothing is claimed from the queue any more: claims under way are waited for, and servers give back what they
   * had claimed and not started. (Where a transaction that is no claim holds rows of jobs, it resolves after 2 s all the
   * same. A server that hears no notifications may start what it has claimed half a second before.) Answers whether it
   * changed anything. May be repeated: who and why are then as said last.
   * @throws InvalidOptionsError
   * @example
   * await firelock.pauseQueue('emails', { by: 'ann', reason: 'the mail server is down' });
   */
  pauseQueue(queue: string, options?: Attribution): Promise<boolean> {
    return this.#client.queues.pause(queue, options);
  }

  /** Ends a queue's pause: what waits in it starts at once. Answers whether it was paused. May be repeated. @throws InvalidOptionsError */
  resumeQueue(queue: string, options?: Attribution): Promise<boolean> {
    return this.#client.queues.resume(queue, options);
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
    const subject = { ...this.#client, database: this.#database };
    return createDashboard(subject, this.#options.logger, options);
  }

  /**
   * A server that runs jobs in this process; start it with `start()`.
   * @throws InvalidOptionsError, InvalidServerJobsError
   * @example
   * const server = firelock.createServer({ jobs: [sendWelcome], queues: { emails: 5, default: 20 } });
   * await server.start();
   */
  createServer(options: ServerOptions): Server {
    return this.#servers.create(checkServerOptions(options));
  }

  /**
   * Asks a running server, of any process, to claim nothing more: it finishes what it runs, keeps its lease, and does its part of
   * what every server does for all. Answers whether it applied: false for a server that has left, or is to stop. May be repeated.
   * @throws InvalidOptionsError
   * @example
   * await firelock.quietServer('42', { by: 'ann', reason: 'its disk is full' });
   */
  quietServer(id: string, options?: Attribution): Promise<boolean> {
    return this.#client.servers.ask(ask.quiet, id, options);
  }

  /**
   * Lets a server that was asked to be quiet take jobs again. Answers whether it was quiet. May be repeated. Otherwise as
   * `quietServer`.
   */
  wakeServer(id: string, options?: Attribution): Promise<boolean> {
    return this.#client.servers.ask(ask.wake, id, options);
  }

  /**
   * Asks a running server, of any process, to stop, as by `server.stop()`: with the grace that it was created with. The command
   * `firelock server` then ends. Answers whether the server runs: it stops some time later. There is no way back. May be
   * repeated. Otherwise as `quietServer`.
   */
  stopServer(id: string, options?: Attribution): Promise<boolean> {
    return this.#client.servers.ask(ask.stop, id, options);
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

  /** Stops its servers and its acts on many jobs, sends what is still to be sent, and closes Firelock's own connections. May be repeated. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    await Promise.all([this.#servers.stop(), this.#client.bulkActs.close()]);
    await endsWithin(FLUSH_LIMIT_MS, Promise.all([this.#engine.flush(), this.#servers.engine?.flush()]));
    await Promise.all([this.#servers.close(), this.#database.close()]);
  }
}
