/** A job system under measurement, at its best settings for each measure. */
export interface System {
  readonly name: string;
  /** The database schema of its tables. */
  readonly schema: string;
  /** Leaves it empty and its statistics fresh. */
  reset(): Promise<void>;
  /** Lets Postgres know what its tables hold by now, as autovacuum would soon. */
  analyze(): Promise<void>;
  /** Enqueues one job and resolves when it is committed. */
  enqueue(n: number): Promise<void>;
  /** Enqueues jobs in statements of 1,000. */
  enqueueMany(count: number): Promise<void>;
  /** Enqueues a job for an instant. */
  schedule(n: number, at: Date): Promise<void>;
  /** Enqueues so many jobs for one instant. */
  scheduleMany(count: number, at: Date): Promise<void>;
  /** Starts to run jobs; `onJob` is called in each handler with the job's n. */
  start(options: StartOptions): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

export interface StartOptions {
  readonly slots: number;
  /** What the settings are to be best at. */
  readonly tunedFor: 'throughput' | 'latency';
  /** How many jobs a fetch may bring, for systems that let one choose. */
  readonly fetchSize: number;
  readonly onJob: (n: number) => void;
}
