import type { ErrorRecord } from '../../job/error-record.js';
import { english as t } from '../english.js';

/** One error of what an attempt's end tells, ready to be shown. */
export interface ErrorView {
  readonly name: string;
  readonly message: string;
  readonly code: string | undefined;
  /** Without the message that it begins with. */
  readonly stack: string | undefined;
  /** How it belongs to the one before it; undefined for the first. */
  readonly relation: string | undefined;
}

/** The error, the errors that it holds, its cause, then the same of the cause. */
export function errorChain(error: ErrorRecord, relation?: string): readonly ErrorView[] {
  const { name, message, code, cause, errors = [] } = error;
  const view: ErrorView = { name, message, code, stack: framesOf(error), relation };
  const inner = errors.flatMap((each) => errorChain(each, t.job.innerError));
  return [view, ...inner, ...(cause === undefined ? [] : errorChain(cause, t.job.causedBy))];
}

/** V8 begins the stack with the name and the message, which are shown already. What is not V8's is shown as it is. */
function framesOf({ stack }: ErrorRecord): string | undefined {
  if (stack === undefined) return undefined;
  const first = stack.search(/^ {4}at /m);
  return first === -1 ? stack : stack.slice(first).replaceAll(/^ {4}/gm, '');
}
