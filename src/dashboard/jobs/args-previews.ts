import type { Database } from '../../storage/database.js';
import type { JobSummary } from '../../storage/job-summaries.js';
import { smallArgs } from '../../storage/small-args.js';
import { REDACTED } from '../access/redaction.js';
import type { Viewer } from '../access/shown-value.js';

const LENGTH = 160;

/** The beginning of each job's args, as the visitor may see them. */
export async function argsPreviews(
  jobs: readonly JobSummary[],
  { rights, redaction }: Viewer,
  { kysely }: Database,
): Promise<ReadonlyMap<string, string>> {
  if (!rights.has('view-args')) return new Map();
  if (!redaction.isOn) return new Map(jobs.map(({ id, argsPreview }) => [id, visible(argsPreview)]));
  const known = await smallArgs(
    kysely,
    jobs.map(({ id }) => id),
  );
  return new Map(
    jobs.map(({ id, name }) => {
      // Of large args nothing is shown here rather than something that is hidden elsewhere.
      const args = known.has(id) ? redaction.of(known.get(id), { job: name, part: 'args' }) : REDACTED;
      return [id, visible(JSON.stringify(args).slice(0, LENGTH).toWellFormed())];
    }),
  );
}

function visible(preview: string): string {
  return preview === 'null' ? '' : preview;
}
