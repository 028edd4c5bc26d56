import type { Right } from '../../src/dashboard/access/rights.js';
import { states } from '../../src/job/state.js';
import { type Furniture, SECRET } from './furniture.js';
import type { Fields } from './site.js';

/** How a route is asked for, with what `furnish` has put there. */
export interface Asked {
  /** What it needs beside `view`. */
  readonly right?: Right;
  /** Stands for `:id` in the path. */
  readonly id?: string;
  /** The form or the JSON of a post, the query of a page. */
  readonly fields?: Fields;
}

/** For each route of the dashboard but those of its API; a new route must be added here, or the tests of all routes fail. */
export function requestsOf({
  jobs,
  server,
  quietServer,
  bulkAct,
}: Furniture): Readonly<Record<string, Asked>> {
  const ids = { ids: SECRET };
  const change = { id: SECRET, schedule: '@daily', timeZone: 'UTC', queue: 'default' };
  const act = 'act';
  const manage = 'manage-recurring';
  const servers = 'manage-servers';
  return {
    ...plainPages(),
    ...actsOnLists(jobs),
    'GET /queues/pause': { right: 'pause', fields: { queue: 'default' } },
    'POST /queues/pause': { right: 'pause', fields: { queue: 'default' } },
    'POST /queues/resume': { right: 'pause', fields: { queue: SECRET } },
    'GET /servers/stop': { right: servers, fields: { id: server } },
    'POST /servers/stop': { right: servers, fields: { id: server } },
    'POST /servers/quiet': { right: servers, fields: { id: server } },
    'POST /servers/wake': { right: servers, fields: { id: quietServer } },
    'GET /recurring/job': { fields: { id: SECRET } },
    'GET /recurring/remove': { right: manage, fields: ids },
    'GET /recurring/pause': { right: manage, fields: ids },
    'GET /recurring/run': { right: manage, fields: { id: SECRET } },
    'GET /recurring/change': { right: manage, fields: { id: SECRET } },
    'POST /recurring/trigger': { right: manage, fields: ids },
    'POST /recurring/remove': { right: manage, fields: ids },
    'POST /recurring/pause': { right: manage, fields: ids },
    'POST /recurring/resume': { right: manage, fields: ids },
    'POST /recurring/drop': { right: manage, fields: ids },
    'POST /recurring/run': { right: manage, fields: { id: SECRET } },
    'POST /recurring/change': { right: manage, fields: change },
    'GET /bulk/:id': { id: bulkAct },
    'POST /bulk/:id/stop': { right: act, id: bulkAct },
    'POST /bulk/:id/resume': { right: act, id: bulkAct },
    'GET /:id': { id: jobs.processing },
    'GET /:id/args': { right: 'view-args', id: jobs.failed },
    'GET /:id/result': { right: 'view-args', id: jobs.succeeded },
    'GET /:id/delete': { right: act, id: jobs.failed },
    'GET /:id/reschedule': { right: act, id: jobs.failed },
    'GET /:id/change': { right: act, id: jobs.failed },
    'GET /:id/again': { right: act, id: jobs.failed },
    'POST /:id/retry': { right: act, id: jobs.failed },
    'POST /:id/requeue': { right: act, id: jobs.succeeded },
    'POST /:id/delete': { right: act, id: jobs.failed },
    'POST /:id/reschedule': { right: act, id: jobs.failed, fields: { when: '1h' } },
    'POST /:id/change': { right: act, id: jobs.failed, fields: { queue: 'other' } },
    'POST /:id/again': { right: act, id: jobs.failed },
  };
}

/** What everybody sees who may look. */
function plainPages(): Readonly<Record<string, Asked>> {
  const lists = states.map((state) => [`GET /${state}`, {}] as const);
  return {
    ...Object.fromEntries(lists),
    'GET /': {},
    'GET /queues': {},
    'GET /servers': {},
    'GET /recurring': {},
    'GET /jobs': { fields: { q: SECRET } },
    'GET /dead/groups': {},
    'GET /completions': { fields: { q: 'queue:' } },
    'GET /audit': { right: 'view-audit' },
  };
}

/** The acts that lists offer, on what is ticked and on all that match, and the pages that ask before. */
function actsOnLists(jobs: Furniture['jobs']): Readonly<Record<string, Asked>> {
  const offered = {
    awaiting: ['delete'],
    scheduled: ['requeue', 'delete'],
    enqueued: ['delete'],
    processing: ['delete'],
    failed: ['retry', 'delete'],
    succeeded: ['requeue'],
    dead: ['retry', 'delete'],
    deleted: ['requeue'],
  } as const;
  const asked: Record<string, Asked> = {};
  for (const state of states) {
    for (const act of offered[state]) {
      const ticked = { right: 'act', fields: { ids: jobs[state] } } as const;
      const all = { right: 'act', fields: { q: SECRET } } as const;
      asked[`POST /${state}/${act}`] = ticked;
      if (act === 'delete') asked[`GET /${state}/${act}`] = ticked;
      asked[`GET /${state}/all/${act}`] = all;
      asked[`POST /${state}/all/${act}`] = all;
    }
  }
  return asked;
}
