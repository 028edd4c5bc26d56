import type { JobContract } from './contract.js';
import type { Duration } from '../duration.js';
import type { EnqueueOptions } from './enqueue-options.js';
import type { JobLogger } from './job-logger.js';
import type { Priority } from './priority.js';
import type { JobTransaction } from './transaction.js';

/** What a handler is given beside its args. */
export interface JobContext {
  readonly job: RunningJob;
  /**
   * Aborted when the attempt must stop: its timeout is over, the job was deleted, the server stops, or the job is no longer
   * this server's. Its `reason` says which. Pass it on to everything that waits. The handler then keeps its slot until it
   * ends, but for 10 s at most: after that it is reported (`job:unresponsive`) and given up, and nothing that its code
   * still does is recorded.
   */
  readonly signal: AbortSignal;
  /** The server's logger, with the job's id, name and attempt on each line; the dashboard shows them with the job. */
  readonly log: JobLogger;
  /**
   * Says how far the handler is, from 0 to 100, for the job's main bar in the dashboard. Returns at once; the latest value is
   * written within a second, outside of the job's transaction. May be called as often as you like.
   * @throws InvalidOptionsError
   * @example
   * ctx.progress((100 * done) / rows.length);
   */
  readonly progress: (percent: number) => void;
  /**
   * A bar of its own, with a name of up to 200 characters; of an attempt, 100 are kept. Answers what moves it, as `progress`.
   * @throws InvalidOptionsError
   * @example
   * const upload = ctx.progressBar('upload');
   * upload(50);
   */
  readonly progressBar: (name: string) => (percent: number) => void;
  /** Enqueues further jobs, which bear this one's id as their `originId`. */
  readonly firelock: JobClient;
  /**
   * Ends the handler and runs the job again after this long, by the database's clock. The attempt does not count. Never
   * returns: it throws a JobSnoozedError, which the handler must let pass; one that swallows it and returns is snoozed all
   * the same, one that throws something else has failed. After the attempt's timeout it is too late: the attempt has failed.
   * @throws InvalidDurationError
   * @example
   * if (!(await isReady(args.exportId))) return ctx.snooze('1m');
   */
  readonly snooze: (delay: Duration) => never;
}

/** What the handler of a job with `transactional: true` is given. */
export interface TransactionalJobContext extends JobContext {
  /**
   * The open transaction that commits together with the job's success. It is rolled back when the handler throws, snoozes,
   * or is told to stop by `signal`.
   */
  readonly tx: JobTransaction;
}

/** The job as the attempt sees it. */
export interface RunningJob {
  readonly id: string;
  readonly name: string;
  readonly queue: string;
  readonly priority: Priority;
  /** 1 for the first attempt. */
  readonly attempt: number;
  readonly attemptLimit: number;
  readonly createdAt: Date;
  readonly recurringJobId: string | undefined;
  /** For a job of a recurring job: the instant of the schedule that it runs for. */
  readonly occurrence: Date | undefined;
}

/** The args of a call; for a job without args, none or `{}`. */
export type JobArgs<Input> = Input | ([Input] extends [void] ? Record<string, never> : never);

/** The end of a call's arguments: args may be left out for a job without args. */
export type CallArguments<Input, Options> = [Input] extends [void]
  ? [args?: JobArgs<Input>, options?: Options]
  : [args: Input, options?: Options];

/** What handlers may ask of Firelock. */
export interface JobClient {
  enqueue<Input>(
    job: JobContract<Input>,
    ...call: CallArguments<NoInfer<Input>, EnqueueOptions>
  ): Promise<string>;
  enqueueMany<Input>(
    job: JobContract<Input>,
    args: readonly JobArgs<NoInfer<Input>>[],
    options?: EnqueueOptions,
  ): Promise<string[]>;
  schedule<Input>(
    job: JobContract<Input>,
    args: JobArgs<NoInfer<Input>>,
    when: Duration | Date,
    options?: Omit<EnqueueOptions, 'delay'>,
  ): Promise<string>;
}

/** The methods of a logger that Firelock uses; a pino logger fits. */
export interface Logger {
  debug(facts: object, message: string): void;
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
  child(facts: object): Logger;
}
