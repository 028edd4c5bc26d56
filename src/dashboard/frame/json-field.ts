import { english as t } from '../english.js';
import { PageError } from './page-error.js';

/** The value of a field in which JSON is typed; undefined for an empty one. @throws PageError */
export function argsOf({ args }: { readonly args: string | undefined }): unknown {
  if (args === undefined) return undefined;
  try {
    return JSON.parse(args);
  } catch (error) {
    // JSON.parse throws nothing else.
    const advice = t.job.forms.again.notJson((error as SyntaxError).message);
    throw new PageError(t.errors.impossible, { status: 422, advice });
  }
}
