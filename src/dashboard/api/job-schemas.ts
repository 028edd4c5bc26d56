import { z } from 'zod';
import { priorities } from '../../job/priority.js';
import { about, hidden, instant, json, named, said, state } from './schema.js';

// By itself: what refers to itself cannot be inferred through a call.
export const errorRecord = z.object({
  name: z.string(),
  message: z.string(),
  stack: z.string().optional(),
  code: z.string().optional(),
  get cause() {
    return errorRecord.optional();
  },
  get errors() {
    return z.array(errorRecord).optional();
  },
});
errorRecord.register(said, { id: 'ErrorRecord' });

export const priority = named('Priority', z.enum(priorities));

/** What every answer about a job tells of it. */
const jobFields = {
  id: z.string(),
  name: z.string(),
  queue: z.string(),
  state,
  attempt: about('The number of the latest attempt; 0 before the first.', z.int()),
  createdAt: instant,
  runAt: about('When it is enqueued, or tried again.', instant.optional()),
  finishedAt: instant.optional(),
};

const placeFields = {
  ...jobFields,
  priority,
  attemptLimit: z.int(),
  recoveries: about('How often a server was lost while it ran the job.', z.int()),
  tags: z.array(z.string()),
  recurringJobId: z.string().optional(),
  startedAt: instant.optional(),
  serverId: z.string().optional(),
};

/** A job of a list. */
export const jobSummary = named(
  'JobSummary',
  z.object({
    ...placeFields,
    error: about(
      'The beginning of the error of its latest attempt.',
      z.object({ name: z.string(), message: z.string() }).optional(),
    ),
    argsPreview: about("The beginning of the args' JSON.", z.string().optional()),
    hidden,
  }),
);

const historyEntry = named(
  'HistoryEntry',
  z.object({
    at: instant,
    state,
    from: state.optional(),
    attempt: z.int(),
    serverId: z.string().optional(),
    startedAt: about('When the attempt that ended here began.', instant.optional()),
    runAt: about('The instant that was planned.', instant.optional()),
    error: errorRecord.optional(),
    by: about('Who acted.', z.string().optional()),
    reason: z.string().optional(),
    endedAt: about('Of a job that was deleted while it ran: when its handler ended.', instant.optional()),
    ending: z.enum(['stopped', 'finished']).optional(),
  }),
);

export const job = named(
  'Job',
  z.object({
    ...placeFields,
    args: json,
    result: json,
    hidden,
    uncounted: about('How many attempts did not count.', z.int()),
    timeoutMs: z.number().optional(),
    scheduledFor: instant.optional(),
    occurrence: about(
      'The instant of the schedule for which its recurring job created it.',
      instant.optional(),
    ),
    originId: about('The job whose handler enqueued it.', z.string().optional()),
    modelId: about('The job that it was made after.', z.string().optional()),
    progress: z.array(
      z.object({
        name: about('Left out for the main bar.', z.string().optional()),
        percent: z.number(),
        at: instant,
      }),
    ),
    notices: about('Why it is where it is, in words.', z.array(z.string())),
    history: about('Oldest first.', z.array(historyEntry)),
  }),
);

/** A job that another job's handler has enqueued. */
export const child = named(
  'Child',
  z.object({
    ...jobFields,
    lastError: about('The beginning of what its latest attempt failed with.', z.string().optional()),
  }),
);

export const logLine = named(
  'LogLine',
  z.object({
    attempt: z.int(),
    number: about('1 for the first line of the attempt.', z.int()),
    at: instant,
    level: z.enum(['info', 'warn', 'error']),
    message: z.string(),
    facts: json,
  }),
);
