import { z } from 'zod';
import { nameSchema } from '../../job/option-schema.js';
import { listRecurringJobs, type RecurringJob } from '../../storage/recurring-jobs.js';
import { recurringRuns } from '../../storage/recurring-runs.js';
import { shownValue, type Viewer } from '../access/shown-value.js';
import { findShownJob } from '../recurring/recurring-page.js';
import { operation } from './operation.js';
import { recurringJob, recurringRun } from './recurring-schemas.js';
import { nothing, sizeUpTo } from './schema.js';

const list = operation({
  id: 'listRecurringJobs',
  method: 'get',
  path: '/recurring',
  right: 'view',
  summary: 'The recurring jobs, the next to fire first',
  input: nothing,
  answer: z.object({ recurringJobs: z.array(recurringJob) }),
  handle: async (_input, { database, viewer }) => {
    const jobs = await listRecurringJobs(database.kysely);
    return { recurringJobs: jobs.map((job) => shownJob(job, viewer)) };
  },
});

const one = operation({
  id: 'getRecurringJob',
  method: 'get',
  path: '/recurring/job',
  right: 'view',
  summary: 'A recurring job',
  description: 'Its id is in the query: it may hold slashes.',
  input: z.strictObject({ id: nameSchema }),
  answer: recurringJob,
  handle: async ({ id }, { database, viewer }) => shownJob(await findShownJob(id, database), viewer),
});

const runs = operation({
  id: 'listRecurringRuns',
  method: 'get',
  path: '/recurring/runs',
  right: 'view',
  summary: 'What became of the occurrences of a recurring job, the latest first',
  input: z.strictObject({ id: nameSchema, size: sizeUpTo(500) }),
  answer: z.object({ runs: z.array(recurringRun) }),
  handle: async ({ id, size }, { database }) => {
    await findShownJob(id, database);
    return { runs: await recurringRuns(database.kysely, id, size) };
  },
});

export const recurringJobOperations = [list, one, runs];

/** Its args, those that code says and those that a person has said, as the visitor may see them. */
function shownJob(job: RecurringJob, viewer: Viewer) {
  const { definition, override } = job;
  const shown = (args: unknown) => shownValue(args, { job: job.name, part: 'args' }, viewer).value;
  return {
    ...job,
    args: shown(job.args),
    hidden: !viewer.rights.has('view-args'),
    definition: { ...definition, args: shown(definition.args) },
    override: override && {
      ...override,
      args: override.args === undefined ? undefined : shown(override.args),
    },
  };
}
