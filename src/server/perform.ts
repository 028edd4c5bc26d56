import { JobCancelledError, JobTimeoutError, ServerStoppingError } from '../errors.js';
import { decodeArgs } from '../job/args.js';
import type { JobClient, Logger, RunningJob } from '../job/context.js';
import type { AnyJobDefinition } from '../job/definition.js';
import { errorRecord } from '../job/error-record.js';
import { released, type Settlement } from '../job/transition.js';
import type { ClaimedJob } from '../storage/settle-and-claim.js';
import { Attempt } from './attempt.js';
import { afterReturn, afterSilence, afterThrow } from './ending.js';
import type { Reports } from './reports.js';
import { handle, type Run } from './run.js';
import type { Transactional } from './transactional.js';

export interface PerformerOptions {
  readonly jobs: readonly AnyJobDefinition[];
  readonly client: JobClient;
  readonly logger: Logger;
  readonly reports: Reports;
  readonly serverId: () => string;
  readonly transactional: Transactional;
}

/** How long a handler that was told to stop may keep its slot. */
const GRACE_MS = 10_000;

interface Running {
  readonly run: Run;
  readonly end: (settlement: Settlement | undefined) => void;
}

/** Runs attempts of the jobs that a server has handlers for, and knows which are running. */
export class Performer {
  readonly #options: PerformerOptions;
  readonly #graceMs: number;
  readonly #jobs: ReadonlyMap<string, AnyJobDefinition>;
  readonly #running = new Map<Attempt, Running>();

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

  /** Tells the handler of a job that was deleted to stop, if it runs here. */
  cancel(jobId: string): void {
    for (const attempt of this.#running.keys())
      if (attempt.job.id === jobId) this.#abort(attempt, new JobCancelledError(jobId));
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
      this.#running.set(attempt, { run, end });
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
    const timeoutMs = claimed.timeoutMs ?? definition.timeoutMs;
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
    if (attempt.isGivenUp) attempt.log.info({}, 'a handler that was given up has ended');
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
  #giveUp({ run, end }: Running): void {
    const { attempt } = run;
    const reason = attempt.abortReason;
    if (reason === undefined || !this.#running.has(attempt)) return;
    // Its handler has ended, and Postgres does not answer to the commit: that breaks off now, and is told as what it is.
    if (attempt.isCommitting) return attempt.breakOff();
    this.#running.delete(attempt);
    end(afterSilence(run));
    attempt.giveUp();
    this.#reportUnresponsive(attempt, reason);
  }

  #reportUnresponsive({ job, log }: Attempt, reason: Error): void {
    const { reports, serverId } = this.#options;
    log.error(
      { error: errorRecord(reason) },
      'the handler goes on although it was told to stop: its slot is freed, and what it still does is not recorded',
    );
    reports.report('job:unresponsive', () => ({ job, serverId: serverId(), reason }));
  }
}
