import { z } from 'zod';
import { groupDeadLetters } from '../../storage/dead-letter-groups.js';
import { COUNT_LIMIT } from '../../storage/job-counts.js';
import { listJobs } from '../../storage/job-lists.js';
import { pageSizes } from '../jobs/list-request.js';
import { jobSummary } from './job-schemas.js';
import { operation } from './operation.js';
import { about, instant, nothing, state } from './schema.js';
import { readableRequest, searchText, summariesFor } from './searched-jobs.js';

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

export const jobListOperations = [listOfJobs, counts, deadLetterGroups];
