import { z } from 'zod';
import { type BulkAct, listBulkActs } from '../../storage/bulk-acts.js';
import { databaseNow } from '../../storage/database-now.js';
import type { Rights } from '../access/rights.js';
import { outcomeOf } from '../bulk/bulk-act-view.js';
import { findShownAct } from '../bulk/shown-bulk-act.js';
import { whenOf } from '../frame/when.js';
import { matcherOf, soughtBy } from '../jobs/list-request.js';
import { shownSearch } from '../jobs/shown-search.js';
import { jobSummary } from './job-schemas.js';
import { operation } from './operation.js';
import { about, applied, id, instant, named, reason, sizeUpTo, state, when } from './schema.js';
import { readableRequest, searchText, summariesFor } from './searched-jobs.js';

const matchCount = named(
  'MatchCount',
  z.object({ count: z.int(), isExact: about('Otherwise there are more.', z.boolean()) }),
);

const bulkAct = named(
  'BulkAct',
  z.object({
    id: z.string(),
    act: z.enum(['retry', 'requeue', 'delete', 'reschedule']),
    state,
    query: about('The search; times in it are instants.', z.string()),
    runAt: about('The instant that jobs are rescheduled for.', instant.optional()),
    by: z.string(),
    reason: z.string().optional(),
    createdAt: instant,
    outcome: about(
      "'interrupted': its process is gone, and it may be resumed.",
      z.enum(['running', 'interrupted', 'finished', 'stopped', 'failed']),
    ),
    expected: about('How many matched when it started, if they could be counted.', z.int().optional()),
    seen: about('How many jobs were looked at.', z.int()),
    applied: about('To how many of them the act was applied.', z.int()),
    endedAt: instant.optional(),
    error: z.string().optional(),
  }),
);

const selection = {
  act: bulkAct.shape.act,
  state,
  q: searchText,
};

const preview = operation({
  id: 'previewBulkAct',
  method: 'get',
  path: '/bulk-acts/preview',
  right: 'act',
  summary: 'What an act on all that match would do',
  input: z.strictObject(selection),
  answer: z.object({
    matching: matchCount,
    applicable: about('How many of them the act applies to.', matchCount),
    examples: z.array(jobSummary),
  }),
  handle: async ({ act, state, q }, { bulkActs, database, viewer }) => {
    const request = readableRequest(state, new Map([['q', q]]), viewer);
    const preview = await bulkActs.preview({ act, state, ...soughtBy(request) });
    return { ...preview, examples: await summariesFor(viewer, preview.examples, database) };
  },
});

const start = operation({
  id: 'startBulkAct',
  method: 'post',
  path: '/bulk-acts',
  right: 'act',
  status: 202,
  summary: 'Act on all jobs of a state that match a search',
  description:
    'It goes on in the background; GET /bulk-acts/{id} tells how far it is. Jobs that come into the state later are left alone.',
  input: z.strictObject({
    ...selection,
    when: about("For 'reschedule': when.", when.optional()),
    expectedAtMost: about('Nothing is started if more match by now.', z.int().min(0).optional()),
    reason,
  }),
  answer: z.object({ applied, id: about('Of the act.', z.string()) }),
  handle: async ({ q, when, ...asked }, { bulkActs, viewer, visit }) => {
    const request = readableRequest(asked.state, new Map([['q', q]]), viewer);
    const plan = when === undefined ? {} : { when: whenOf(when) };
    const id = await bulkActs.start({ ...asked, ...soughtBy(request), ...plan, by: visit.actor });
    return { applied: true, id };
  },
});

const list = operation({
  id: 'listBulkActs',
  method: 'get',
  path: '/bulk-acts',
  right: 'view',
  summary: 'The latest acts on all that match, the latest first',
  input: z.strictObject({ size: sizeUpTo(200) }),
  answer: z.object({ bulkActs: z.array(bulkAct) }),
  handle: async ({ size }, { database, viewer }) => {
    const [acts, now] = await Promise.all([listBulkActs(database.kysely, size), databaseNow(database)]);
    return { bulkActs: acts.map((act) => shownAct(act, now, viewer.rights)) };
  },
});

const one = operation({
  id: 'getBulkAct',
  method: 'get',
  path: '/bulk-acts/:id',
  right: 'view',
  summary: 'How far an act on all that match is',
  input: z.strictObject({ id }),
  answer: bulkAct,
  handle: async ({ id }, { database, viewer }) => {
    const [act, now] = await Promise.all([findShownAct(id, database), databaseNow(database)]);
    return shownAct(act, now, viewer.rights);
  },
});

const stop = operation({
  id: 'stopBulkAct',
  method: 'post',
  path: '/bulk-acts/:id/stop',
  right: 'act',
  summary: 'End an act on all that match, after the batch under way',
  input: z.strictObject({ id }),
  answer: z.object({ applied }),
  handle: async ({ id }, { bulkActs, visit }) => ({
    applied: (await bulkActs.stop(id, visit.actor)) !== undefined,
  }),
});

const resume = operation({
  id: 'resumeBulkAct',
  method: 'post',
  path: '/bulk-acts/:id/resume',
  right: 'act',
  status: 202,
  summary: 'Go on with an act whose process is gone',
  input: z.strictObject({ id }),
  answer: z.object({ applied }),
  handle: async ({ id }, { bulkActs, database, redaction, visit }) => {
    const { query } = await findShownAct(id, database);
    const matchesArgs = matcherOf(query, redaction);
    return { applied: await bulkActs.resume(id, { matchesArgs, by: visit.actor }) };
  },
});

/** The preview before the acts with an id, as which it would be taken. */
export const bulkActOperations = [preview, start, list, one, stop, resume];

function shownAct(act: BulkAct, now: Date, rights: Rights) {
  return { ...act, query: shownSearch(act.query, rights), outcome: outcomeOf(act, now) };
}
