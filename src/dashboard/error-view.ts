import type { ErrorRecord } from '../job/error-record.js';

/** One error of a chain, ready to be shown. */
export interface ErrorView {
  readonly name: string;
  readonly message: string;
  readonly code: string | undefined;
  /** The lines that follow the message. */
  readonly stack: string | undefined;
  readonly isCause: boolean;
}

/** The error, then its cause, then the cause of that. */
export function errorChain(error: ErrorRecord, isCause = false): readonly ErrorView[] {
  const { name, message, code, cause } = error;
  const view: ErrorView = { name, message, code, stack: frames(error), isCause };
  return cause === undefined ? [view] : [view, ...errorChain(cause, true)];
}

/** V8 begins the stack with the name and the message, which are shown already. */
function frames({ name, message, stack }: ErrorRecord): string | undefined {
  if (stack === undefined) return undefined;
  const heading = `${name}: ${message}`;
  const rest = stack.startsWith(heading) ? stack.slice(heading.length) : stack;
  const text = rest.replaceAll(/^ {4}/gm, '').trim();
  return text === '' ? undefined : text;
}
