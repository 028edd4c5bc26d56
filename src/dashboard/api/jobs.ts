import { z } from 'zod';
import { groupDeadLetters } from '../../storage/dead-letter-groups.js';
import { jobsOf } from '../../storage/descendants.js';
import { COUNT_LIMIT } from '../../storage/job-counts.js';
import { listJobs } from '../../storage/job-lists.js';
import { jobLog, progressBars } from '../../storage/job-output.js';
import { shownValue } from '../access/shown-value.js';
import { findShownJob, readSurroundings } from '../job/job-page.js';
import { noticesOf } from '../job/whereabouts.js';
import { pageSizes } from '../jobs/list-request.js';
import { child, job, jobSummary, logLine } from './job-schemas.js';
import { operation } from './operation.js';
import { about, id, instant, nothing, sizeUpTo, state } from './schema.js';
import { readableRequest, searchText, summariesFor } from './searched-jobs.js';

const CHILDREN_LIMIT = 200;

const listOfJobs = operation({
  id: 'listJobs',
  method: 'get',
  path: '/jobs',
  right: 'view',
  summary: 'Jobs of a state, or of any, that match a search',
  description:
    'A page may hold less than its size, or nothing, although there is a `next`: a search looks for a tenth of a second.',
  input: z.strictObject({
    q: searchText,
    state: about('Left out: any.', state.optional()),
    order: about("Default 'first'.", z.enum(['first', 'reversed']).optional()),
    size: about('How many a page. Default 50.', z.enum(pageSizes.map(String)).optional()),
    place: about('The `next` of the page before.', z.string().optional()),
  }),
  answer: z.object({
    jobs: z.array(jobSummary),
    next: about('The place of the next page; left out at the end.', z.string().optional()),
    looked: z.object({
      count: about('How many jobs were looked at for this page.', z.int()),
      backTo: about('The time of the last of them.', instant.optional()),
      isComplete: about('Whether these were all.', z.boolean()),
    }),
  }),
  handle: async ({ state, ...fields }, { database, viewer }) => {
    const request = readableRequest(state, new Map(Object.entries(fields)), viewer);
    const { jobs, ...page } = await listJobs(database, { ...request, limit: request.size });
    return { ...page, jobs: await summariesFor(viewer, jobs, database) };
  },
});

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

const counts = operation({
  id: 'countJobs',
  method: 'get',
  path: '/counts',
  right: 'view',
  summary: 'How many jobs are in each state',
  description: `Counted up to ${COUNT_LIMIT}; a second old at most.`,
  input: nothing,
  answer: z.object({ counts: z.record(state, z.int()), limit: z.int() }),
  handle: async (_input, { pages }) => ({ counts: await pages.counts(), limit: COUNT_LIMIT }),
});

const deadLetterGroups = operation({
  id: 'groupDeadLetters',
  method: 'get',
  path: '/dead-letters/groups',
  right: 'view',
  summary: 'The latest dead letters by name and error, the largest group first',
  input: nothing,
  answer: z.object({
    groups: z.array(
      z.object({
        name: z.string(),
        error: about('With a * for what differs; left out if nothing is known of it.', z.string().optional()),
        count: z.int(),
        first: instant,
        last: instant,
        example: about('The id of one of them.', z.string()),
        search: about('Finds the group: for GET /jobs and POST /bulk-acts.', z.string()),
      }),
    ),
    looked: about('How many dead letters were looked at: the latest.', z.int()),
  }),
  handle: (_input, { database }) => groupDeadLetters(database),
});

export const jobOperations = [listOfJobs, oneJob, logOfJob, jobsOfJob, counts, deadLetterGroups];

function placeOf(after: string | undefined) {
  if (after === undefined) return undefined;
  const [attempt, number] = after.split('-').map(Number);
  return { attempt: attempt ?? 0, number: number ?? 0 };
}
