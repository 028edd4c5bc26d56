import { inspect } from 'node:util';
import type { Job } from '../../job/job.js';

/** Longer args are of no use in a line of code: they are shown below it. */
const ARGS_LIMIT = 1000;

/** The call that created the job, nearly as its author wrote it; `args` as they may be shown. */
export function callAsCode(job: Job, args: unknown): string {
  const options = optionsOf(job);
  const rest = [
    ...(job.scheduledFor === undefined ? [] : [`new Date('${job.scheduledFor.toISOString()}')`]),
    ...(options === undefined ? [] : [options]),
  ];
  const shown = args === null || args === undefined ? undefined : literal(args);
  const given = [shown ?? '{}', ...rest];
  const parts = [identifierOf(job.name), ...(shown === undefined && rest.length === 0 ? [] : given)];
  return `await firelock.${job.scheduledFor === undefined ? 'enqueue' : 'schedule'}(${parts.join(', ')});`;
}

/** `send-welcome-email` becomes `sendWelcomeEmail`: what its definition is likely to be called. */
function identifierOf(name: string): string {
  const [first = 'job', ...rest] = name.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
  const joined = [first, ...rest.map((word) => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`)].join('');
  return /^\d/.test(joined) ? `job${joined}` : joined;
}

function optionsOf({ queue, priority, tags }: Job): string | undefined {
  const options = {
    ...(queue === 'default' ? {} : { queue }),
    ...(priority === 'normal' ? {} : { priority }),
    ...(tags.length === 0 ? {} : { tags }),
  };
  return Object.keys(options).length === 0 ? undefined : literal(options);
}

/** As Node.js writes a value, which is JavaScript for everything that JSON knows. */
function literal(value: unknown): string {
  const text = inspect(value, { depth: null, maxArrayLength: null, maxStringLength: null, breakLength: 90 });
  return text.length <= ARGS_LIMIT ? text : '{ … }';
}
