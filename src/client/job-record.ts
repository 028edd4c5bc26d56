import type { RecordedAct } from '../storage/audit-log.js';

/** What an act on jobs was on, for the audit log: one job and what it was, or how many, and what each of them was. */
export function jobRecord(
  before: readonly (readonly [id: string, before: object])[],
): Pick<RecordedAct, 'subject' | 'target' | 'before'> {
  const [only] = before;
  if (only !== undefined && before.length === 1) return { subject: 'job', target: only[0], before: only[1] };
  return { subject: 'jobs', target: `${before.length} jobs`, before: Object.fromEntries(before) };
}
