import { Router } from 'express';
import { databaseNow } from '../../storage/database-now.js';
import { type DeadLetterGroup, groupDeadLetters } from '../../storage/dead-letter-groups.js';
import { visitOf } from '../access/visit.js';
import { english as t } from '../english.js';
import { errorCell, timeCell } from '../format/cell.js';
import { formatNumber } from '../format/count.js';
import type { DashboardParts } from '../frame/parts.js';
import type { Url } from '../frame/url.js';

/** The dead letters by what went wrong. */
export function groupsRouter({ database, pages }: DashboardParts): Router {
  const router = Router();
  router.get('/dead/groups', async (req, res) => {
    const [{ groups, looked }, now] = await Promise.all([groupDeadLetters(database), databaseNow(database)]);
    const { url } = visitOf(req);
    const rows = groups.map((group) => rowOf(group, { now, url }));
    const model = { rows, meaning: t.groups.meaning(formatNumber(looked)) };
    await pages.show(req, res, { view: 'dead-letter-groups', title: t.groups.title, section: 'dead', model });
  });
  return router;
}

function rowOf(group: DeadLetterGroup, { now, url }: { readonly now: Date; readonly url: Url }): object {
  const { name, error, count, first, last, search } = group;
  return {
    name,
    error: errorCell(error === undefined ? undefined : { name: '', message: error }),
    count: formatNumber(count),
    first: timeCell(first, now),
    last: timeCell(last, now),
    href: url('/dead', { q: search }),
    retryHref: url('/dead/all/retry', { q: search }),
  };
}
