import { type Furniture, SECRET } from '../furniture.js';
import type { Asked } from '../requests.js';

/** How each operation of the API is asked for, with what `furnish` has put there. */
export function apiRequestsOf(furniture: Furniture): Readonly<Record<string, Asked>> {
  return withPrefix({ ...readings(furniture), ...actsOnJobs(furniture), ...otherActs(furniture) });
}

function readings({ jobs, bulkAct }: Furniture): Readonly<Record<string, Asked>> {
  return {
    'GET /openapi.json': {},
    'GET /jobs': { fields: { q: SECRET } },
    'GET /jobs/:id': { id: jobs.processing },
    'GET /jobs/:id/log': { right: 'view-args', id: jobs.processing },
    'GET /jobs/:id/jobs': { id: jobs.processing },
    'GET /counts': {},
    'GET /dead-letters/groups': {},
    'GET /bulk-acts': {},
    'GET /bulk-acts/preview': { right: 'act', fields: { act: 'delete', state: 'failed', q: SECRET } },
    'GET /bulk-acts/:id': { id: bulkAct },
    'GET /queues': {},
    'GET /recurring': {},
    'GET /recurring/job': { fields: { id: SECRET } },
    'GET /recurring/runs': { fields: { id: SECRET } },
    'GET /servers': {},
    'GET /statistics/series': { fields: { period: 'day' } },
    'GET /statistics/totals': { fields: { period: 'day', by: 'name' } },
    'GET /audit': { right: 'view-audit' },
  };
}

function actsOnJobs({ jobs, bulkAct }: Furniture): Readonly<Record<string, Asked>> {
  const right = 'act';
  const all = { act: 'delete', state: 'failed', q: SECRET };
  return {
    'POST /jobs/:id/retry': { right, id: jobs.failed },
    'POST /jobs/:id/requeue': { right, id: jobs.succeeded },
    'POST /jobs/:id/delete': { right, id: jobs.failed },
    'POST /jobs/:id/reschedule': { right, id: jobs.failed, fields: { when: '1h' } },
    'POST /jobs/:id/change': { right, id: jobs.failed, fields: { queue: 'other' } },
    'POST /jobs/:id/run-again': { right, id: jobs.failed },
    'POST /jobs/acts': { right, fields: { act: 'delete', ids: [jobs.failed, jobs.dead] } },
    'POST /bulk-acts': { right, fields: all },
    'POST /bulk-acts/:id/stop': { right, id: bulkAct },
    'POST /bulk-acts/:id/resume': { right, id: bulkAct },
  };
}

function otherActs({ server, quietServer }: Furniture): Readonly<Record<string, Asked>> {
  const manage = { right: 'manage-recurring', fields: { id: SECRET } } as const;
  return {
    'POST /queues/pause': { right: 'pause', fields: { queue: 'default' } },
    'POST /queues/resume': { right: 'pause', fields: { queue: SECRET } },
    'POST /recurring/trigger': manage,
    'POST /recurring/pause': manage,
    'POST /recurring/resume': manage,
    'POST /recurring/override': { ...manage, fields: { id: SECRET, queue: 'other' } },
    'POST /recurring/drop-override': manage,
    'POST /recurring/remove': manage,
    'POST /servers/:id/quiet': { right: 'manage-servers', id: server },
    'POST /servers/:id/wake': { right: 'manage-servers', id: quietServer },
    'POST /servers/:id/stop': { right: 'manage-servers', id: server },
  };
}

function withPrefix(requests: Readonly<Record<string, Asked>>): Readonly<Record<string, Asked>> {
  const entries = Object.entries(requests);
  return Object.fromEntries(entries.map(([name, asked]) => [name.replace(' /', ' /api/'), asked]));
}
