import type { Database } from '../../storage/database.js';
import { listRecurringJobs } from '../../storage/recurring-jobs.js';
import { type Finding, fix, ok } from './finding.js';

/** Whether recurring jobs are fired in time, and can be. */
export async function checkRecurring(database: Database): Promise<Finding> {
  const jobs = await listRecurringJobs(database.kysely);
  const wrong = jobs.flatMap(({ id, error, isLate }) => {
    if (error !== undefined) return [`'${id}' cannot be computed: ${error.message}`];
    return isLate ? [`'${id}' is late: no server has fired it`] : [];
  });
  if (wrong.length === 0) return ok('schedules', `${jobs.length} recurring jobs, all in time`);
  return fix(
    'schedules',
    `${wrong.join('; ')}. Is a server running? Correct the schedule in code, or override it.`,
  );
}
