import { z } from 'zod';
import { storable } from '../../job/serialisation.js';
import { listAuditLog } from '../../storage/audit-log.js';
import { shownRecord } from '../audit/shown-record.js';
import { shownSearch } from '../jobs/shown-search.js';
import { operation } from './operation.js';
import { about, hidden, id, instant, json, named, sizeUpTo } from './schema.js';

const auditEntry = named(
  'AuditEntry',
  z.object({
    id: z.string(),
    at: instant,
    by: z.string(),
    act: z.string(),
    subject: z.enum(['job', 'jobs', 'queue', 'recurring job', 'calendar', 'server']),
    target: about("The job's id, the queue's name, …; of several jobs, how they were chosen.", z.string()),
    reason: z.string().optional(),
    before: about('What the act replaced.', json),
    after: about('By what.', json),
    hidden,
  }),
);

const list = operation({
  id: 'listAuditLog',
  method: 'get',
  path: '/audit',
  right: 'view-audit',
  summary: 'Who has done what, the latest first',
  input: z.strictObject({
    by: about('Only what this person has done.', z.string().max(200).transform(storable).optional()),
    place: about('The `next` of the page before.', id.optional()),
    size: sizeUpTo(200),
  }),
  answer: z.object({
    entries: z.array(auditEntry),
    next: about('The place of the next page; left out at the end.', z.string().optional()),
  }),
  handle: async ({ by, place, size }, { database, viewer }) => {
    const { entries, next } = await listAuditLog(database.kysely, { limit: size, before: place, by });
    const shown = entries.map((entry) => ({
      ...entry,
      target: entry.subject === 'jobs' ? shownSearch(entry.target, viewer.rights) : entry.target,
      before: shownRecord(entry.before, viewer),
      after: shownRecord(entry.after, viewer),
      hidden: !viewer.rights.has('view-args'),
    }));
    return { entries: shown, next };
  },
});

export const auditLogOperations = [list];
