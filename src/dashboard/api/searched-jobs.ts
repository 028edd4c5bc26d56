import { z } from 'zod';
import type { State } from '../../job/state.js';
import type { Database } from '../../storage/database.js';
import type { JobSummary } from '../../storage/job-summaries.js';
import type { Viewer } from '../access/shown-value.js';
import { english as t } from '../english.js';
import { forbidden, PageError } from '../frame/page-error.js';
import { argsPreviews } from '../jobs/args-previews.js';
import { type ListRequest, listRequest } from '../jobs/list-request.js';
import { about } from './schema.js';

export const searchText = about(
  'A search, such as `name:send-* error:timeout`, as in the search box of the pages. Default: everything.',
  z.string().optional(),
);

/**
 * What is asked of a list. A search of which something would have to be left out is refused: a script would take what is found
 * for what it asked for.
 * @throws PageError
 */
export function readableRequest(
  state: State | undefined,
  fields: ReadonlyMap<string, string | undefined>,
  viewer: Viewer,
): ListRequest {
  const request = listRequest(state, fields, viewer);
  if (request.problem === undefined) return request;
  if (!request.isUnreadable) throw forbidden(t.refused.right.title, request.problem);
  throw new PageError('The search cannot be read', { status: 400, advice: request.problem });
}

interface ShownSummary extends Omit<JobSummary, 'argsPreview'> {
  readonly argsPreview: string | undefined;
  readonly hidden: boolean;
}

/** The jobs of a list as a visitor may see them. */
export async function summariesFor(
  viewer: Viewer,
  jobs: readonly JobSummary[],
  database: Database,
): Promise<readonly ShownSummary[]> {
  const previews = await argsPreviews(jobs, viewer, database);
  const hidden = !viewer.rights.has('view-args');
  return jobs.map((job) => ({ ...job, argsPreview: previews.get(job.id), hidden }));
}
