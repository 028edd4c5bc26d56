import { type Logger, pino } from 'pino';

interface LogLine {
  readonly msg: string;
  readonly job?: { readonly id: string; readonly name: string; readonly attempt: number };
  readonly error?: { readonly message: string };
  readonly err?: { readonly message: string };
}

/** Prints a line for the people in front of a terminal. */
export function say(text: string): void {
  console.log(`  ${new Date().toLocaleTimeString('en-GB')}  ${text}`);
}

/** Firelock's log from level `warn`, as one short line each. */
export function readableLog(): Logger {
  return pino({ level: 'warn' }, { write: (text) => say(readable(text)) });
}

function readable(text: string): string {
  // What pino writes is one JSON object, with the facts that Firelock logs.
  const { msg, job, error, err } = JSON.parse(text) as LogLine;
  const subject = job === undefined ? '' : `${job.name} ${job.id}, attempt ${job.attempt}: `;
  const reason = error?.message ?? err?.message;
  return `${subject}${msg}${reason === undefined ? '' : ` (${reason})`}`;
}
