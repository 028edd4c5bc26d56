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
  /** The form of a post, the query of a page. */
  readonly fields?: Fields;
  /** The body of a post to the API. */
  readonly json?: object;
}

type ApiFurniture = Pick<Furniture, 'jobs' | 'server' | 'quietServer' | 'bulkAct'>;

/** For each route of the dashboard; a new route must be added here, or the tests of all routes fail. */
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
    ...apiRequests({ jobs, server, quietServer, bulkAct }),
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

/** The operations of the API. */
function apiRequests({ jobs, server, quietServer, bulkAct }: ApiFurniture): Readonly<Record<string, Asked>> {
  const [act, pause, manage, servers] = ['act', 'pause', 'manage-recurring', 'manage-servers'] as const;
  const bulk = { act: 'retry', state: 'failed', q: SECRET };
  const json = {};
  return {
    'GET /api/openapi.json': {},
    'GET /api/jobs': { fields: { q: SECRET } },
    'GET /api/counts': {},
    'GET /api/dead-letters/groups': {},
    'GET /api/jobs/:id': { id: jobs.failed },
    'GET /api/jobs/:id/log': { right: 'view-args', id: jobs.failed },
    'GET /api/jobs/:id/jobs': { id: jobs.failed },
    'POST /api/jobs/:id/retry': { right: act, id: jobs.failed, json },
    'POST /api/jobs/:id/requeue': { right: act, id: jobs.succeeded, json },
    'POST /api/jobs/:id/delete': { right: act, id: jobs.failed, json },
    'POST /api/jobs/:id/reschedule': { right: act, id: jobs.failed, json: { when: '1h' } },
    'POST /api/jobs/:id/change': { right: act, id: jobs.failed, json: { queue: 'other' } },
    'POST /api/jobs/:id/run-again': { right: act, id: jobs.failed, json },
    'POST /api/jobs/acts': { right: act, json: { act: 'retry', ids: [jobs.failed] } },
    'GET /api/bulk-acts/preview': { right: act, fields: bulk },
    'POST /api/bulk-acts': { right: act, json: bulk },
    'GET /api/bulk-acts': {},
    'GET /api/bulk-acts/:id': { id: bulkAct },
    'POST /api/bulk-acts/:id/stop': { right: act, id: bulkAct, json },
    'POST /api/bulk-acts/:id/resume': { right: act, id: bulkAct, json },
    'GET /api/queues': {},
    'POST /api/queues/pause': { right: pause, json: { queue: 'default' } },
    'POST /api/queues/resume': { right: pause, json: { queue: SECRET } },
    'GET /api/recurring': {},
    'GET /api/recurring/job': { fields: { id: SECRET } },
    'GET /api/recurring/runs': { fields: { id: SECRET } },
    'POST /api/recurring/trigger': { right: manage, json: { id: SECRET } },
    'POST /api/recurring/pause': { right: manage, json: { id: SECRET } },
    'POST /api/recurring/override': { right: manage, json: { id: SECRET, schedule: '@daily' } },
    'POST /api/recurring/resume': { right: manage, json: { id: SECRET } },
    'POST /api/recurring/drop-override': { right: manage, json: { id: SECRET } },
    'POST /api/recurring/remove': { right: manage, json: { id: SECRET } },
    'GET /api/servers': {},
    'POST /api/servers/:id/quiet': { right: servers, id: server, json },
    'POST /api/servers/:id/wake': { right: servers, id: quietServer, json },
    'POST /api/servers/:id/stop': { right: servers, id: server, json },
    'GET /api/statistics/series': { fields: { period: 'day' } },
    'GET /api/statistics/totals': { fields: { period: 'day', by: 'queue' } },
    'GET /api/audit': { right: 'view-audit' },
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
