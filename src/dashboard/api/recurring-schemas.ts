import { z } from 'zod';
import { errorRecord, priority } from './job-schemas.js';
import { about, hidden, instant, json, named, state } from './schema.js';

/** Recurring jobs as the API tells them. */

const attribution = { by: z.string().optional(), reason: z.string().optional() };

const timing = { schedule: z.string(), timeZone: z.string(), queue: z.string(), args: json };

const definition = named(
  'RecurringDefinition',
  z.object({
    ...timing,
    at: instant,
    program: z.string().optional(),
    hasVanished: about('A later start of the same program has not defined it any more.', z.boolean()),
  }),
);

const override = named(
  'RecurringOverride',
  z.object({
    schedule: z.string().optional(),
    timeZone: z.string().optional(),
    queue: z.string().optional(),
    args: json,
    at: instant,
    ...attribution,
  }),
);

export const recurringJob = named(
  'RecurringJob',
  z.object({
    id: z.string(),
    name: z.string(),
    ...timing,
    hidden,
    priority,
    startAt: instant.optional(),
    endAt: instant.optional(),
    calendars: z.array(z.string()),
    jitterMs: z.number(),
    misfire: z.enum(['once', 'skip', 'all']),
    misfireGraceMs: z.number(),
    misfireLimit: z.int(),
    overlap: z.enum(['allow', 'skip', 'queue-one', 'replace']),
    toleranceMs: z.number(),
    definition: about('What code says.', definition),
    override: about('What a person has said instead: it counts.', override.optional()),
    pause: z.object({ at: instant, until: instant.optional(), ...attribution }).optional(),
    nextRunAt: about('Left out if it never fires again.', instant.optional()),
    isLate: about('No server fires the next run, which is due.', z.boolean()),
    pending: about('An occurrence that waits for an earlier run to end.', instant.optional()),
    error: about('Why the next run cannot be computed.', errorRecord.optional()),
    hasHandler: about(
      'Whether a running server has a handler; left out while none runs.',
      z.boolean().optional(),
    ),
    lastRunAt: instant.optional(),
    lastJobId: z.string().optional(),
    lastState: state.optional(),
    createdAt: instant,
    updatedAt: instant,
  }),
);

export const recurringRun = named(
  'RecurringRun',
  z.object({
    number: z.int(),
    at: about('When that was decided.', instant),
    kind: z.enum(['fired', 'by hand', 'skipped', 'missed']),
    occurrence: about('The instant of the schedule.', instant.optional()),
    until: about('Of those that were missed together, the last.', instant.optional()),
    missed: about('How many were missed together.', z.int().optional()),
    jobId: z.string().optional(),
    state: state.optional(),
    startedAt: instant.optional(),
    endedAt: instant.optional(),
    ...attribution,
  }),
);
