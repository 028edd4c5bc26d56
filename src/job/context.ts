import type { JobContract } from './contract.js';
import type { Duration } from './duration.js';
import type { EnqueueOptions } from './enqueue-options.js';
import type { Priority } from './priority.js';

/** What a handler is given beside its args. */
export interface JobContext {
  readonly job: RunningJob;
  /**
   * Aborted when the attempt must stop: its timeout is over, the job was deleted, the server stops, or the job is no longer
   * this server's. Its `reason` says which. Pass it on to everything that waits.
   */
  readonly signal: AbortSignal;
  /** The server's logger, with the job's id, name and attempt on each line. */
  readonly log: Logger;
  /** Enqueues further jobs. */
  readonly firelock: JobClient;
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
