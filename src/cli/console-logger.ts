import type { Logger } from '../job/context.js';
import { explain } from './explanation.js';
import { redacted } from './redaction.js';

/** For commands that talk to a person: a line on standard error for what went wrong, and nothing else. */
export class ConsoleLogger implements Logger {
  #silent = false;

  debug(): void {}

  info(): void {}

  warn(facts: object, message: string): void {
    this.#print(facts, message);
  }

  error(facts: object, message: string): void {
    this.#print(facts, message);
  }

  child(): Logger {
    return this;
  }

  /** From now on nothing is worth a line: what is being closed may complain. */
  silence(): void {
    this.#silent = true;
  }

  #print(facts: object, message: string): void {
    if (this.#silent) return;
    const error: unknown = Reflect.get(facts, 'err');
    const reason = explain(error) ?? (error instanceof Error ? (error.stack ?? error.message) : '');
    console.error(redacted(reason === '' ? message : `${message}: ${reason}`));
  }
}
