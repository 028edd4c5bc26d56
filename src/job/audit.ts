/** What a person's act was on. `jobs`: all that match a query. */
export type AuditSubject = 'job' | 'jobs' | 'queue' | 'recurring job' | 'calendar' | 'server';

/** One line of the audit log: who did what to what, and why. */
export interface AuditEntry {
  readonly id: string;
  readonly at: Date;
  readonly by: string;
  /** `retry`, `pause`, `override`, … */
  readonly act: string;
  readonly subject: AuditSubject;
  /** The job's id, the queue's name, …; of several jobs, how they were chosen. */
  readonly target: string;
  readonly reason: string | undefined;
  /** What the act replaced, and by what. */
  readonly before: unknown;
  readonly after: unknown;
}
