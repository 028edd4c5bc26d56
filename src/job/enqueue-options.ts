import { z } from 'zod';
import type { Duration } from '../duration.js';
import {
  attemptsSchema,
  durationSchema,
  nameSchema,
  prioritySchema,
  timeoutSchema,
} from './option-schema.js';
import type { Priority } from './priority.js';
import { tagsSchema } from './tags.js';
import type { Transaction } from './transaction.js';

/** What one call may say differently from the job's definition. */
export interface EnqueueOptions {
  /** Default: the queue of the job's definition. */
  readonly queue?: string;
  /** Default: the priority of the job's definition. */
  readonly priority?: Priority;
  /** Enqueue only after this long, by the database's clock. Default: at once. */
  readonly delay?: Duration;
  /** How long one attempt may take: more than 0, less than 24 days. Default: the timeout of the job's definition. */
  readonly timeout?: Duration;
  /** Retries of this job alone. A part that is not given comes from the job's definition. */
  readonly retry?: { readonly attempts?: number; readonly delays?: readonly Duration[] };
  /**
   * By which the job can be found, beside those of the job's definition: 20 in all at most, each of up to 128 characters.
   * Spaces at the ends do not count, and one that is given twice is there once.
   */
  readonly tags?: readonly string[];
  /** Enqueue inside this open transaction: the job exists if and only if it commits. */
  readonly tx?: Transaction;
}

const retrySchema = z.strictObject({
  attempts: attemptsSchema.optional(),
  delays: z.array(durationSchema).min(1).optional(),
});

const shape = {
  queue: nameSchema.optional(),
  priority: prioritySchema.optional(),
  timeout: timeoutSchema.optional(),
  retry: retrySchema.optional(),
  tags: tagsSchema.optional(),
  tx: z.custom<Transaction>().optional(),
};

export const enqueueOptionsSchema = z
  .strictObject({ ...shape, delay: durationSchema.optional() })
  .prefault({});
/** For calls that say when in an argument of their own. */
export const scheduleOptionsSchema = z.strictObject(shape).prefault({});
