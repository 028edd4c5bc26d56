import { type BulkAct, findBulkAct } from '../../storage/bulk-acts.js';
import type { Database } from '../../storage/database.js';
import type { MatchesArgs } from '../../storage/job-walk.js';
import type { Viewer } from '../access/shown-value.js';
import { english as t } from '../english.js';
import { notFound } from '../frame/page-error.js';
import { listRequest } from '../jobs/list-request.js';

/** @throws PageError if there is none */
export async function findShownAct(id: string, { kysely }: Database): Promise<BulkAct> {
  const act = await findBulkAct(kysely, id);
  if (act !== undefined) return act;
  throw notFound(t.errors.noBulkAct.title, t.errors.noBulkAct.advice);
}

/** With what an act is gone on with: it finds nothing by what the one who resumes it may not see. */
export function visibleTo(viewer: Viewer, { state, query }: BulkAct): { readonly matchesArgs?: MatchesArgs } {
  const { matchesArgs } = listRequest(state, new Map([['q', query]]), viewer);
  return matchesArgs === undefined ? {} : { matchesArgs };
}
