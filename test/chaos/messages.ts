/** What a process tells the orchestrator. */
export type Message =
  /** It does what it is there for. */
  | { readonly kind: 'ready' }
  /** Postgres has confirmed the commit of this order. */
  | { readonly kind: 'placed'; readonly order: string }
  /** `enqueue` has resolved with this id, outside of any transaction. */
  | { readonly kind: 'enqueued'; readonly job: string };

/** What a process is told when it is started. */
export interface Assignment {
  /** Of this life of the process: unique in the run. */
  readonly name: string;
  readonly connectionString: string;
  readonly seed: string;
  /** Servers: slots by queue. */
  readonly queues: Readonly<Record<string, number>>;
  /** Clients: how many jobs to enqueue a second. */
  readonly jobsPerSecond: number;
}

export function tell(message: Message): void {
  process.send?.(message);
}

export function assignment(): Assignment {
  // Given by life.ts.
  return JSON.parse(process.argv[2] ?? '') as Assignment;
}
