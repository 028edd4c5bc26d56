import type { RecurringJob } from '../../storage/recurring-jobs.js';
import type { Redaction } from '../access/redaction.js';
import type { Rights } from '../access/rights.js';

/** The args in a form, as text; undefined where the visitor may not see all of them, so that what is hidden is not overwritten. */
export function shownArgs(
  { name, args }: Pick<RecurringJob, 'name' | 'args'>,
  rights: Rights,
  redaction: Redaction,
): string | undefined {
  if (!rights.has('view-args') || !redaction.leaves(args, { job: name, part: 'args' })) return undefined;
  return args === null ? '' : JSON.stringify(args, null, 2);
}
