import type { AttemptId } from '../job/attempt-id.js';
import type { Settlement } from '../job/transition.js';
import type { PlacedJob } from '../storage/placed-job.js';
import type { ClaimedJob } from '../storage/settle-and-claim.js';
import type { Executor } from '../storage/statement.js';

/**
 * How jobs that are ready reach a server. Everything else (states, retries, leases, results) is the same code for every
 * engine.
 */
export interface Engine {
  /** Runs `work`, which puts jobs where servers or promoters must hear of them, and lets them hear. */
  place<Placed extends PlacedJob>(work: (executor: Executor) => Promise<Placed[]>): Promise<Placed[]>;
  /** Lets them hear of jobs that were placed in the application's open transaction, when it commits. */
  announce(tx: Executor, jobs: readonly PlacedJob[]): Promise<void>;
  /** Starts to bring jobs of one queue to a server. */
  feed(options: FeedOptions): Feed;
  /** Resolves when everything that was to be heard has left this process. */
  flush(): Promise<void>;
}

/** Runs one attempt and says how it ended; undefined if nothing is left to settle. Never rejects. */
type Perform = (job: ClaimedJob) => Promise<Settlement | undefined>;

/** An attempt that has ended. */
export interface Ended {
  readonly job: ClaimedJob;
  readonly settlement: Settlement;
  readonly durationMs: number;
}

export interface FeedOptions {
  /** The server's id at this moment: a server that was declared lost goes on under a new one. */
  readonly serverId: () => string;
  readonly queue: string;
  /** How many jobs may run at once. */
  readonly slots: number;
  /** The names of the jobs that the server has handlers for. */
  readonly names: readonly string[];
  readonly perform: Perform;
  /** Nothing is claimed while this is not so. */
  readonly mayClaim: () => boolean;
  /** The outcome is committed. */
  readonly onSettled: (ended: Ended) => void;
  /** The job had been taken away from the attempt: nothing was changed. */
  readonly onStale: (ended: Ended) => void;
  readonly onError: (error: unknown) => void;
}

export interface Feed {
  /** There may be jobs to claim. */
  wake(): void;
  /** Claims one suspect and runs it to its settled end; false if none waits. Nothing else may run meanwhile. */
  runSuspect(): Promise<boolean>;
  /** The queue is paused: what was claimed but not started goes back. */
  holdBack(): void;
  /** Claims nothing more; what was claimed but not started goes back. */
  stopClaiming(): void;
  /** Gives back what is still running; how it ends changes nothing any more. */
  abandon(): void;
  /** The attempts that the server answers for: running, waiting for a slot, or not yet settled. */
  held(): readonly AttemptId[];
  /** Drops what it holds: the server was declared lost, and its jobs are others' now. */
  forget(): void;
  /** Resolves when nothing runs and everything that ended is settled. */
  idle(): Promise<void>;
  /** Lets go of everything; what is not settled by now is for recovery. */
  close(): void;
}
