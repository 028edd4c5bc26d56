import type { Ended } from '../engine/engine.js';
import { JobCancelledError, JobTimeoutError, ServerStoppingError } from '../errors.js';
import { decodeArgs } from '../job/args.js';
import type { AttemptId } from '../job/attempt-id.js';
import type { RunningJob } from '../job/context.js';
import type { AnyJobDefinition } from '../job/definition.js';
import { errorRecord } from '../job/error-record.js';
import { released, type Settlement } from '../job/transition.js';
import type { ClaimedJob } from '../storage/settle-and-claim.js';
import { Attempt, type AttemptParts } from './attempt.js';
import { afterReturn, afterSilence, afterThrow } from './after-handler.js';
import type { Reports } from './reports.js';
import { handle, type Run } from './run.js';
import type { Transactional } from './transactional.js';

export interface PerformerOptions extends AttemptParts {
  readonly jobs: readonly AnyJobDefinition[];
  readonly reports: Reports;
  readonly serverId: () => string;
  readonly transactional: Transactional;
  /** The handler of a deleted job has ended, after it had been given up. */
  readonly onLate: (ended: Ended) => void;
}

/** How long a handler that was told to stop may keep its slot. */
const GRACE_MS = 10_000;

interface Running {
  readonly run: Run;
  readonly startedAt: number;
  readonly end: (settlement: Settlement | undefined) => void;
}

/** Runs attempts of the jobs that a server has handlers for, and knows which are running. */
export class Performer {
  readonly #options: PerformerOptions;
  readonly #graceMs: number;
  readonly #jobs: ReadonlyMap<string, AnyJobDefinition>;
  readonly #running = new Map<Attempt, Running>();
  /** Told to stop, given up, and still going on. */
  readonly #givenUp = new Map<Attempt, Running>();
  readonly #whenIdle: (() => void)[] = [];

  /** `graceMs` is for tests. */
  constructor(options: PerformerOptions, graceMs = GRACE_MS) {
    this.#options = options;
    this.#graceMs = graceMs;
    this.#jobs = new Map(options.jobs.map((job) => [job.name, job]));
  }

  /** Tells every running handler to stop. */
  abortAll(reasonFor: (job: RunningJob) => Error): void {
    for (const attempt of this.#running.keys()) this.#abort(attempt, reasonFor(attempt.job));
  }

  /** Tells those running handlers to stop for which there is a reason. */
  abortThose(reasonFor: (job: RunningJob) => Error | undefined): void {
    for (const attempt of this.#running.keys()) {
      const reason = reasonFor(attempt.job);
      if (reason !== undefined) this.#abort(attempt, reason);
    }
  }

  /** Whether the handler of this attempt is running, given up or not. */
  runs({ id, attempt }: AttemptId): boolean {
    return [...this.#running.keys(), ...this.#givenUp.keys()].some(
      ({ job }) => job.id === id && job.attempt === attempt,
    );
  }

  /** Resolves when no handler is running but those that were given up. */
  idle(): Promise<void> {
    return new Promise((resolve) => {
      this.#whenIdle.push(resolve);
      this.#tellIfIdle();
    });
  }

  /** Gives up, now, every handler that was told to stop and still runs. */
  giveUpAll(): void {
    for (const running of this.#running.values()) this.#giveUp(running);
  }

  /**
   * Runs one attempt and says how it ended, or undefined if nothing is left to settle; never rejects. Resolves when the
   * handler has ended, or when it was told to stop and its grace is over.
   */
  perform(claimed: ClaimedJob): Promise<Settlement | undefined> {
    const definition = this.#jobs.get(claimed.name);
    // Cannot be: claims name the jobs that the server has handlers for.
    if (definition === undefined) return Promise.resolve(released());
    const attempt = new Attempt(claimed, this.#options);
    const run = { definition, attempt, claimed };
    return new Promise((end) => {
      this.#running.set(attempt, { run, end, startedAt: performance.now() });
      void this.#run(run).then((settlement) => this.#end(attempt, settlement));
    });
  }

  async #run(run: Run): Promise<Settlement | undefined> {
    const { definition, attempt, claimed } = run;
    const timer = this.#startTimer(run);
    try {
      this.#reportStart(attempt);
      if (definition.transactional) return await this.#options.transactional.run(run);
      const args = await decodeArgs(definition, claimed.args);
      attempt.throwIfAborted();
      return afterReturn(run, await handle(run, args));
    } catch (thrown) {
      return afterThrow(run, thrown);
    } finally {
      clearTimeout(timer);
    }
  }

  #startTimer({ definition, attempt, claimed }: Run): NodeJS.Timeout | undefined {
    const timeoutMs = claimed.extras?.timeoutMs ?? definition.timeoutMs;
    if (timeoutMs === undefined) return undefined;
    return setTimeout(() => this.#abort(attempt, new JobTimeoutError(timeoutMs)), timeoutMs);
  }

  #reportStart({ job }: Attempt): void {
    const { reports, serverId } = this.#options;
    reports.report('job:started', () => ({ job, serverId: serverId() }));
  }

  #end(attempt: Attempt, settlement: Settlement | undefined): void {
    this.#running.get(attempt)?.end(settlement);
    this.#running.delete(attempt);
    this.#endLate(attempt, settlement);
    this.#tellIfIdle();
  }

  #endLate(attempt: Attempt, settlement: Settlement | undefined): void {
    const late = this.#givenUp.get(attempt);
    if (late === undefined) return;
    this.#givenUp.delete(attempt);
    attempt.logger.info({}, 'a handler that was given up has ended');
    const { run, startedAt } = late;
    if (settlement !== undefined && attempt.abortReason instanceof JobCancelledError)
      this.#options.onLate({ job: run.claimed, settlement, durationMs: performance.now() - startedAt });
  }

  #tellIfIdle(): void {
    if (this.#running.size === 0) for (const resolve of this.#whenIdle.splice(0)) resolve();
  }

  /** When a server stops it has a grace of its own, and gives up those that are left. */
  #abort(attempt: Attempt, reason: Error): void {
    const isFirst = attempt.abortReason === undefined;
    attempt.abort(reason);
    const running = this.#running.get(attempt);
    if (!isFirst || running === undefined || reason instanceof ServerStoppingError) return;
    setTimeout(() => this.#giveUp(running), this.#graceMs).unref();
  }

  /** Nothing that its code still does is recorded from here on: its slot is another's, and soon its job as well. */
  #giveUp(running: Running): void {
    const { run, end } = running;
    const { attempt } = run;
    const reason = attempt.abortReason;
    if (reason === undefined || !this.#running.has(attempt)) return;
    // Its handler has ended, and Postgres does not answer to the commit: that breaks off now, and is told as what it is.
    if (attempt.isCommitting) return attempt.breakOff();
    this.#running.delete(attempt);
    this.#givenUp.set(attempt, running);
    end(afterSilence(run));
    attempt.giveUp();
    this.#tellIfIdle();
    this.#reportUnresponsive(attempt, reason);
  }

  #reportUnresponsive({ job, logger }: Attempt, reason: Error): void {
    const { reports, serverId } = this.#options;
    logger.error(
      { error: errorRecord(reason) },
      'the handler goes on although it was told to stop: its slot is freed, and what it still does is not recorded',
    );
    reports.report('job:unresponsive', () => ({ job, serverId: serverId(), reason }));
  }
}
