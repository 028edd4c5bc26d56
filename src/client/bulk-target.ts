import type { BulkAct } from '../storage/bulk-acts.js';

/** How the jobs were chosen, for the audit log: a search that lists them. */
export function bulkTarget({ state, query }: Pick<BulkAct, 'state' | 'query'>): string {
  return query === '' ? `state:${state}` : `state:${state} ${query}`;
}
