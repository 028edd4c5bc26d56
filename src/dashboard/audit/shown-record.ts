import { REDACTED } from '../access/redaction.js';
import type { Viewer } from '../access/shown-value.js';

/**
 * What an act replaced, or by what, as a visitor may see it: args among it are hidden as everywhere; of which job they are, it
 * does not say.
 */
export function shownRecord(value: unknown, { rights, redaction }: Viewer): unknown {
  return withArgs(redaction.byKeys(value), (args) =>
    rights.has('view-args') ? redaction.ofSomeJob(args) : REDACTED,
  );
}

function withArgs(value: unknown, show: (args: unknown) => unknown): unknown {
  if (typeof value !== 'object' || value === null || !('args' in value) || value.args === null) return value;
  return { ...value, args: show(value.args) };
}
