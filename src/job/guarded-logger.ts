import type { Logger } from './context.js';
import { errorRecord } from './error-record.js';

/**
 * The application's logger, as far as it may be trusted: one that throws, or that rejects later, must change no job's
 * state. The first failure is told as a warning of the process, since it cannot be logged.
 */
export class GuardedLogger implements Logger {
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  debug(facts: object, message: string): void {
    guarded(() => this.#logger.debug(facts, message));
  }

  info(facts: object, message: string): void {
    guarded(() => this.#logger.info(facts, message));
  }

  warn(facts: object, message: string): void {
    guarded(() => this.#logger.warn(facts, message));
  }

  error(facts: object, message: string): void {
    guarded(() => this.#logger.error(facts, message));
  }

  child(facts: object): Logger {
    let child = this.#logger;
    guarded(() => (child = this.#logger.child(facts)));
    return new GuardedLogger(child);
  }
}

let isTold = false;

function guarded(log: () => unknown): void {
  try {
    const answer = log();
    if (answer instanceof Promise) answer.catch(tell);
  } catch (error) {
    tell(error);
  }
}

function tell(error: unknown): void {
  if (isTold) return;
  isTold = true;
  process.emitWarning(`The logger given to Firelock fails: ${errorRecord(error).message}`);
}
