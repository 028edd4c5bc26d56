import type { ErrorRecord } from '../job/error-record.js';

/** One error of a chain, ready to be shown. */
export interface ErrorView {
  readonly name: string;
  readonly message: string;
  readonly code: string | undefined;
  /** Without the message that it begins with. */
  readonly stack: string | undefined;
  readonly isCause: boolean;
}

/** The error, then its cause, then the cause of that. */
export function errorChain(error: ErrorRecord, isCause = false): readonly ErrorView[] {
  const { name, message, code, cause } = error;
  const view: ErrorView = { name, message, code, stack: framesOf(error), isCause };
  return cause === undefined ? [view] : [view, ...errorChain(cause, true)];
}

/** V8 begins the stack with the name and the message, which are shown already. What is not V8's is shown as it is. */
function framesOf({ stack }: ErrorRecord): string | undefined {
  if (stack === undefined) return undefined;
  const first = stack.search(/^ {4}at /m);
  return first === -1 ? stack : stack.slice(first).replaceAll(/^ {4}/gm, '');
}
