import { type BulkAct, findBulkAct } from '../../storage/bulk-acts.js';
import type { Database } from '../../storage/database.js';
import { english as t } from '../english.js';
import { notFound } from '../frame/page-error.js';

/** @throws PageError if there is none */
export async function findShownAct(id: string, { kysely }: Database): Promise<BulkAct> {
  const act = await findBulkAct(kysely, id);
  if (act !== undefined) return act;
  throw notFound(t.errors.noBulkAct.title, t.errors.noBulkAct.advice);
}
