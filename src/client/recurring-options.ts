import { z } from 'zod';
import type { Duration } from '../duration.js';
import { durationSchema, instantSchema, nameSchema, prioritySchema } from '../job/option-schema.js';
import type { Priority } from '../job/priority.js';
import type { MisfirePolicy } from '../schedule/misfire.js';
import type { OverlapPolicy } from '../schedule/overlap.js';
import type { Attribution } from './attribution.js';

export interface RecurringOptions {
  /** The IANA zone in which the schedule is read. Default `'UTC'`. */
  readonly timeZone?: string;
  /** Default: the queue of the job's definition. */
  readonly queue?: string;
  /** Default: the priority of the job's definition. */
  readonly priority?: Priority;
  /** Nothing fires before this instant. */
  readonly startAt?: Date;
  /** Nothing fires after this instant. */
  readonly endAt?: Date;
  /** Nothing fires at what any of these calendars excludes; see `addOrUpdateCalendar`. */
  readonly calendars?: readonly string[];
  /** Every run is later by a part of this, the same for the same id, so that not all start at minute 0. Default 0. */
  readonly jitter?: Duration;
  /**
   * What becomes of occurrences at whose time no server ran: the latest makes up for all of them (`'once'`), those within
   * `misfireGrace` are fired (`'skip'`), or each is, up to `misfireLimit` (`'all'`). Default `'once'`.
   */
  readonly misfire?: MisfirePolicy;
  /** With `misfire: 'skip'`. Default 1 minute. */
  readonly misfireGrace?: Duration;
  /** With `misfire: 'all'`: 1 to 500. Default 100. */
  readonly misfireLimit?: number;
  /**
   * What becomes of an occurrence while an earlier run has not ended: it runs beside it (`'allow'`), it does not run
   * (`'skip'`), it waits, but only one does (`'queue-one'`), or the earlier run is cancelled (`'replace'`). Default `'allow'`.
   */
  readonly overlap?: OverlapPolicy;
  /** A run that is later than this is told as `recurring:late`, and marked in the dashboard. Default 1 minute. */
  readonly tolerance?: Duration;
}

const MINUTE_MS = 60_000;
/** An integer column, and a jitter of more than a day was not meant. */
const LONGEST_JITTER_MS = 24 * 60 * MINUTE_MS;

export const recurringOptionsSchema = z
  .strictObject({
    timeZone: z.string().default('UTC'),
    queue: nameSchema.optional(),
    priority: prioritySchema.optional(),
    startAt: instantSchema.optional(),
    endAt: instantSchema.optional(),
    calendars: z.array(nameSchema).default([]),
    jitter: durationSchema
      .transform(Math.round)
      .refine((ms) => ms <= LONGEST_JITTER_MS, 'expected a day at most')
      .default(0),
    misfire: z.enum(['once', 'skip', 'all']).default('once'),
    misfireGrace: durationSchema.optional(),
    misfireLimit: z.int().min(1).max(500).optional(),
    overlap: z.enum(['allow', 'skip', 'queue-one', 'replace']).default('allow'),
    tolerance: durationSchema.default(MINUTE_MS),
  })
  .refine(({ misfire, misfireGrace }) => misfireGrace === undefined || misfire === 'skip', {
    path: ['misfireGrace'],
    message: "means something only with misfire: 'skip'",
  })
  .refine(({ misfire, misfireLimit }) => misfireLimit === undefined || misfire === 'all', {
    path: ['misfireLimit'],
    message: "means something only with misfire: 'all'",
  })
  .prefault({});

export type CheckedRecurringOptions = z.output<typeof recurringOptionsSchema>;

/** Who acts on a recurring job, and why: shown with what was done. */
export type RecurringActOptions = Attribution;

export interface PauseOptions extends Attribution {
  /** When it goes on by itself: an instant, or a duration by the database's clock. Default: when it is resumed. */
  readonly until?: Date | Duration;
}

export interface TriggerOptions extends Attribution {
  /** Instead of the recurring job's own, for this run alone. */
  readonly args?: unknown;
}

/** What a person wants instead of what code defines, until it is dropped. What is not named stays as defined. */
export interface RecurringOverride {
  readonly schedule?: string | undefined;
  readonly timeZone?: string | undefined;
  readonly args?: unknown;
  readonly queue?: string | undefined;
}

export const overrideSchema = z
  .strictObject({
    schedule: z.string().optional(),
    timeZone: z.string().optional(),
    args: z.unknown().optional(),
    queue: nameSchema.optional(),
  })
  .refine((override) => Object.values(override).some((value) => value !== undefined), {
    message: 'expected at least one of schedule, timeZone, args and queue',
  });
