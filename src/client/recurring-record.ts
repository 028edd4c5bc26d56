import { isDeepStrictEqual } from 'node:util';
import { recordAct } from '../storage/audit-log.js';
import type { DatabaseTransaction } from '../storage/database.js';
import { findRecurringJob, type RecurringJob } from '../storage/recurring-jobs.js';
import type { CheckedAttribution } from './attribution.js';

/** An act on a recurring job, and the part of it that the audit log shows as it was and as it is. */
export interface RecurringAct {
  readonly id: string;
  readonly act: string;
  readonly said: CheckedAttribution;
  readonly shown: (job: RecurringJob) => unknown;
}

/** Does the work, and records it if it names who acts and has changed what is shown. The recurring job is locked. */
export async function recorded<Result>(
  tx: DatabaseTransaction,
  { id, act, said, shown }: RecurringAct,
  work: () => Promise<Result>,
): Promise<Result> {
  if (said.by === undefined) return work();
  const read = async () => {
    const job = await findRecurringJob(tx.kysely, id);
    return job && shown(job);
  };
  const before = await read();
  const result = await work();
  const after = await read();
  if (!isDeepStrictEqual(before, after))
    await recordAct(tx, { ...said, act, subject: 'recurring job', target: id, before, after });
  return result;
}
