import type { RunningJob } from './context.js';
import type { ErrorRecord } from './error-record.js';
import type { Ending } from './job.js';

/** One attempt, on a server of this process. */
interface AttemptEvent {
  readonly job: RunningJob;
  readonly serverId: string;
}

/** The end of an attempt, once it is committed. */
interface EndEvent extends AttemptEvent {
  /** From the start of the handler to its end. */
  readonly durationMs: number;
}

/**
 * What can be heard with `firelock.on(name, listener)`: everything that the servers of this process do and notice. An event
 * is emitted after its change is committed. Events are not stored and do not cross processes: the jobs' history does.
 */
export interface Events {
  /** A handler is about to be called. */
  'job:started': [event: AttemptEvent];
  'job:succeeded': [event: EndEvent];
  /** The attempt failed; the next is planned in `delayMs`. */
  'job:failed': [event: EndEvent & { readonly error: ErrorRecord; readonly delayMs: number }];
  /** The job has become a dead letter. */
  'job:dead': [event: EndEvent & { readonly error: ErrorRecord }];
  /** The handler asked to be run again in `delayMs`. */
  'job:snoozed': [event: EndEvent & { readonly delayMs: number }];
  /** The server gave the job back unfinished. */
  'job:released': [event: EndEvent];
  /** A job was deleted while it ran, and its handler has now ended: it stopped, or it finished all the same. */
  'job:cancelled': [event: EndEvent & { readonly ending: Ending }];
  /** An attempt ended after its job was taken away: nothing was changed. */
  'job:stale': [event: AttemptEvent];
  /** A handler went on although its signal was aborted for this reason; its slot was freed. */
  'job:unresponsive': [event: AttemptEvent & { readonly reason: Error }];
  /** A job of a lost server went back to its queue, or became a dead letter. */
  'job:recovered': [event: RecoveryEvent];
  /** An occurrence of a recurring job was fired later than its tolerance. */
  'recurring:late': [
    event: {
      readonly recurringJobId: string;
      readonly occurrence: Date;
      readonly lateMs: number;
      readonly jobId: string;
    },
  ];
  /** Occurrences of a recurring job were not fired at their time, and by its rule never will be. */
  'recurring:missed': [
    event: {
      readonly recurringJobId: string;
      readonly first: Date;
      readonly last: Date;
      /** Counted up to 10,000. */
      readonly count: number;
    },
  ];
  /** The schedule of a recurring job cannot be computed: it is not fired, and tried again every minute. */
  'recurring:failed': [event: { readonly recurringJobId: string; readonly error: ErrorRecord }];
  'server:started': [event: ServerEvent];
  'server:stopped': [event: ServerEvent];
  /** A server of this process was asked to be quiet: it claims nothing more, and finishes what it runs. */
  'server:quiet': [event: ServerEvent];
  /** It takes jobs again. */
  'server:woken': [event: ServerEvent];
  /** A server, of any process, fell silent: its jobs are recovered. */
  'server:lost': [event: ServerEvent];
  /** This process cannot renew a server's lease: its handlers are aborted before others may start their jobs. */
  'lease:expired': [event: ServerEvent];
  /** A server of this process was declared lost while it lived; it goes on under a new id. */
  'lease:lost': [event: ServerEvent];
  /** The servers' calls to Postgres fail: what ends is kept meanwhile, and nothing is claimed. */
  'database:unreachable': [event: { readonly error: ErrorRecord }];
  'database:reachable': [event: { readonly afterMs: number }];
}

interface ServerEvent {
  readonly serverId: string;
  readonly name: string;
}

interface RecoveryEvent {
  readonly jobId: string;
  readonly name: string;
  readonly queue: string;
  readonly state: 'enqueued' | 'dead';
  /** The server that was lost. */
  readonly serverId: string;
}
