import type { ErrorRecord } from './error-record.js';
import type { Priority } from './priority.js';
import type { State } from './state.js';

/** A unit of work: one row. Instants are the database's. */
export interface Job {
  /** A decimal string; larger than those of jobs enqueued before. */
  readonly id: string;
  readonly name: string;
  readonly queue: string;
  readonly priority: Priority;
  readonly state: State;
  readonly args: unknown;
  /** What the handler returned, once the job succeeded. */
  readonly result: unknown;
  /** The number of the latest attempt; 0 before the first. It only ever grows. */
  readonly attempt: number;
  /** The number of the last attempt that may be made. */
  readonly attemptLimit: number;
  /** How many attempts did not count: given back, asked to be run again later, or lost with their server. */
  readonly uncounted: number;
  /** How long one attempt may take, in milliseconds, if the call that created the job said so. */
  readonly timeoutMs: number | undefined;
  /** How often a server was lost while it ran this job. */
  readonly recoveries: number;
  /** When a scheduled job is enqueued, or a failed one tried again; of one that was put back into its queue, when. */
  readonly runAt: Date | undefined;
  readonly createdAt: Date;
  /** The instant for which it was scheduled when it was created; undefined if it was enqueued at once. */
  readonly scheduledFor: Date | undefined;
  readonly startedAt: Date | undefined;
  readonly finishedAt: Date | undefined;
  readonly serverId: string | undefined;
  /** The recurring job that created it, and the instant of the schedule for which it did. */
  readonly recurringJobId: string | undefined;
  readonly occurrence: Date | undefined;
  readonly tags: readonly string[];
  /** The job whose handler enqueued it. */
  readonly originId: string | undefined;
  /** The job that it was made after, by `runAgain`. */
  readonly modelId: string | undefined;
}

/** One line of a job's state history. */
export interface HistoryEntry {
  readonly at: Date;
  readonly state: State;
  readonly from: State | undefined;
  readonly attempt: number;
  readonly serverId: string | undefined;
  /** When the attempt that ended here began. */
  readonly startedAt: Date | undefined;
  /** For `scheduled` and `failed`: the instant that was planned. */
  readonly runAt: Date | undefined;
  readonly error: ErrorRecord | undefined;
  /** The person or program that acted, if one did, and why. */
  readonly by: string | undefined;
  readonly reason: string | undefined;
  /** For a job that was deleted while it ran: when its handler ended, and how; undefined until it has. */
  readonly endedAt: Date | undefined;
  readonly ending: Ending | undefined;
}

/** A handler whose job was deleted stopped early, or returned as if nothing had happened. */
export type Ending = 'stopped' | 'finished';

/** A job with the history of its states, oldest first. */
export interface JobWithHistory extends Job {
  readonly history: readonly HistoryEntry[];
}
