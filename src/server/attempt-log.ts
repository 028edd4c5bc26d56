import type { Logger } from '../job/context.js';
import type { JobLogger } from '../job/job-logger.js';
import { allFacts, childContext, type LogContext } from '../job/log-facts.js';
import type { LogLevel } from '../job/log-line.js';
import { shown } from '../job/thrown.js';
import type { AttemptOutput } from './attempt-output.js';

/** What a line was called with: the types say the first two, code without types may say anything. */
type Said = readonly [message: string] | readonly [facts: object, message: string];

const NO_FACTS = {};

/** The `ctx.log` of an attempt: what it is told goes to the server's logger, and what is kept to the attempt's output. */
export class AttemptLog implements JobLogger {
  readonly #logger: Logger;
  readonly #output: AttemptOutput;
  readonly #context: LogContext | undefined;

  /** `context` is there for children. */
  constructor(logger: Logger, output: AttemptOutput, context?: LogContext) {
    this.#logger = logger;
    this.#output = output;
    this.#context = context;
  }

  debug(...said: Said): void {
    this.#logger.debug(factsOf(said) ?? NO_FACTS, messageOf(said));
  }

  info(...said: Said): void {
    this.#say('info', said);
  }

  warn(...said: Said): void {
    this.#say('warn', said);
  }

  error(...said: Said): void {
    this.#say('error', said);
  }

  child(facts: object): JobLogger {
    return new AttemptLog(this.#logger.child(facts), this.#output, childContext(this.#context, facts));
  }

  #say(level: LogLevel, said: Said): void {
    const facts = factsOf(said);
    const message = messageOf(said);
    this.#logger[level](facts ?? NO_FACTS, message);
    if (this.#output.admitsLine()) this.#output.say(level, message, allFacts(this.#context, facts));
  }
}

function factsOf(said: Said): object | undefined {
  const [first] = said;
  return typeof first === 'object' && first !== null ? first : undefined;
}

function messageOf([first, second]: Said): string {
  const message: unknown = typeof first === 'object' ? second : first;
  if (typeof message === 'string') return message;
  return message === undefined ? '' : shown(message, 1);
}
