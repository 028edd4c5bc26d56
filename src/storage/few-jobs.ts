import { conditionOn, type Pattern, type Search } from '../search/search.js';
import type { Reader } from './reader.js';

/** So many jobs are fetched by their ids, filtered and sorted, in 10 ms, or in 200 ms from a cold disk. */
const FEW = 2000;

/**
 * The ids of all jobs that a search can mean, if an index knows that they are few: those of ids, of a recurring job, of a tag.
 * Undefined: they are not known to be few.
 */
export async function fewJobs({ kysely }: Reader, search: Search): Promise<readonly string[] | undefined> {
  const ids = conditionOn(search, 'id')?.values;
  if (ids !== undefined) return ids;
  const recurring = exactly(conditionOn(search, 'recurring')?.values);
  if (recurring !== undefined) {
    const runs = kysely.selectFrom('jobs').select('id').where('recurringJobId', 'in', recurring);
    const few = ifFew(await runs.limit(FEW + 1).execute());
    if (few !== undefined) return few;
  }
  const tags = exactly(conditionOn(search, 'tag')?.values);
  if (tags === undefined) return undefined;
  const tagged = kysely.selectFrom('jobTags').select('jobId as id').distinct().where('tag', 'in', tags);
  return ifFew(await tagged.limit(FEW + 1).execute());
}

/** The texts, if none of them has a wildcard. */
function exactly(patterns: readonly Pattern[] | undefined): readonly string[] | undefined {
  return patterns?.every(({ length }) => length === 1) === true ? patterns.flat() : undefined;
}

function ifFew(rows: readonly { readonly id: unknown }[]): readonly string[] | undefined {
  return rows.length > FEW ? undefined : rows.map(({ id }) => String(id));
}
