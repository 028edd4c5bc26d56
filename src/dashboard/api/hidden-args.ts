import type { Viewer } from '../access/shown-value.js';
import { forbidden } from '../frame/page-error.js';
import { shownArgs } from '../recurring/shown-args.js';

/** As on the pages, args are replaced only by those who see all of the present ones. */
export function mayReplaceArgs(
  job: { readonly name: string; readonly args: unknown },
  { rights, redaction }: Viewer,
): boolean {
  return shownArgs(job, rights, redaction) !== undefined;
}

/** @throws PageError for args that the visitor may not give */
export function checkMayReplaceArgs(...call: Parameters<typeof mayReplaceArgs>): void {
  if (mayReplaceArgs(...call)) return;
  const advice =
    'The present args, or a part of them, are hidden from you. Leave args out: they stay as they are.';
  throw forbidden('You may not give other args', advice);
}
