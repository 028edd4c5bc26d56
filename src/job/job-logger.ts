/** One line: facts and a message, or a message alone. */
export interface LogMethod {
  (message: string): void;
  (facts: object, message: string): void;
}

/**
 * What a handler logs with, in pino's two forms. Each line goes to the server's logger. Those from `info` up are also kept
 * with the attempt, for the dashboard: 1,000 of an attempt, of each the first 4,000 characters of its message and of its facts.
 * They are written within a second, outside of the job's transaction. Never throws, whatever the facts are.
 * @example
 * ctx.log.info('sending');
 * ctx.log.warn({ error, recipient }, 'the mail server refused');
 */
export interface JobLogger {
  /** For the server's logger alone. */
  readonly debug: LogMethod;
  readonly info: LogMethod;
  readonly warn: LogMethod;
  readonly error: LogMethod;
  /** A logger whose lines have these facts, too. */
  child(facts: object): JobLogger;
}
