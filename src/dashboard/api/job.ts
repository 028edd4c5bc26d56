import { z } from 'zod';
import { jobsOf } from '../../storage/descendants.js';
import { jobLog, progressBars } from '../../storage/job-output.js';
import { shownValue } from '../access/shown-value.js';
import { findShownJob, readSurroundings } from '../job/job-page.js';
import { noticesOf } from '../job/whereabouts.js';
import { child, job, logLine } from './job-schemas.js';
import { operation } from './operation.js';
import { about, id, sizeUpTo } from './schema.js';

const CHILDREN_LIMIT = 200;

const oneJob = operation({
  id: 'getJob',
  method: 'get',
  path: '/jobs/:id',
  right: 'view',
  summary: 'A job with its history',
  input: z.strictObject({ id }),
  answer: job,
  handle: async ({ id }, { database, viewer, visit: { url } }) => {
    const found = await findShownJob(id, database);
    const [{ seen, waiting }, progress] = await Promise.all([
      readSurroundings(found, database),
      progressBars(database.kysely, id),
    ]);
    const { isHidden, value: args } = shownValue(found.args, { job: found.name, part: 'args' }, viewer);
    const { value: result } = shownValue(found.result, { job: found.name, part: 'result' }, viewer);
    const notices = noticesOf(found, waiting, { ...seen, url }).map(({ text }) => text);
    return { ...found, args, result, hidden: isHidden, progress, notices };
  },
});

const logOfJob = operation({
  id: 'getJobLog',
  method: 'get',
  path: '/jobs/:id/log',
  right: 'view-args',
  summary: 'What the handler of a job has said',
  description: 'While the job runs, ask again with `next` to follow it.',
  input: z.strictObject({
    id,
    attempt: about(
      'Only lines of this attempt.',
      z.coerce
        .number()
        .int()
        .min(0)
        .max(2 ** 31 - 1)
        .optional(),
    ),
    after: about(
      'The `next` of the answer before: only lines after it.',
      z
        .string()
        .regex(/^\d{1,9}-\d{1,9}$/, 'expected attempt-number, such as 1-20')
        .optional(),
    ),
    size: sizeUpTo(1000),
  }),
  answer: z.object({
    lines: z.array(logLine),
    next: about('The last line that is known: give it as `after`.', z.string().optional()),
  }),
  handle: async ({ id, attempt, after, size }, { database, viewer }) => {
    const { name } = await findShownJob(id, database);
    const lines = await jobLog(database.kysely, {
      jobId: id,
      attempt,
      afterLine: placeOf(after),
      limit: size,
    });
    const last = lines.at(-1);
    return {
      lines: lines.map((line) => ({
        ...line,
        facts: shownValue(line.facts, { job: name, part: 'log' }, viewer).value,
      })),
      next: last === undefined ? after : `${last.attempt}-${last.number}`,
    };
  },
});

const jobsOfJob = operation({
  id: 'listJobsOfJob',
  method: 'get',
  path: '/jobs/:id/jobs',
  right: 'view',
  summary: 'The jobs that the handler of a job has enqueued, the oldest first',
  input: z.strictObject({ id }),
  answer: z.object({
    jobs: z.array(child),
    isComplete: about(`Whether these are all: ${CHILDREN_LIMIT} are told at most.`, z.boolean()),
  }),
  handle: async ({ id }, { database }) => {
    await findShownJob(id, database);
    const jobs = await jobsOf(database.kysely, id, CHILDREN_LIMIT + 1);
    return { jobs: jobs.slice(0, CHILDREN_LIMIT), isComplete: jobs.length <= CHILDREN_LIMIT };
  },
});

export const jobOperations = [oneJob, logOfJob, jobsOfJob];

function placeOf(after: string | undefined) {
  if (after === undefined) return undefined;
  const [attempt, number] = after.split('-').map(Number);
  return { attempt: attempt ?? 0, number: number ?? 0 };
}
