/** What a visitor of the dashboard may be allowed. */
export const rights = [
  /** See everything but args, results and log lines. Without it, nothing else counts. */
  'view',
  /** See args, results and log lines, and search in args. */
  'view-args',
  /** See who has done what. */
  'view-audit',
  /** Retry, requeue, delete, reschedule and change jobs, and run them again. */
  'act',
  /** Pause and resume queues. */
  'pause',
  /** Run, pause, change and remove recurring jobs. */
  'manage-recurring',
  /** Ask servers to take no more jobs, or to stop. */
  'manage-servers',
] as const;

export type Right = (typeof rights)[number];

export type Rights = ReadonlySet<Right>;

export const allRights: Rights = new Set(rights);

export const readOnlyRights: Rights = new Set<Right>(['view', 'view-args', 'view-audit']);

export const noRights: Rights = new Set();
