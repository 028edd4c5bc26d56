import { z } from 'zod';
import type { Engine } from '../engine/engine.js';
import { encodeArgs } from '../job/args.js';
import type { JobArgs } from '../job/context.js';
import type { JobContract } from '../job/contract.js';
import { checkOptions, nameSchema, prioritySchema } from '../job/option-schema.js';
import { type Priority, priorityRank } from '../job/priority.js';
import { parseSchedule } from '../schedule/schedule.js';
import type { Database } from '../storage/database.js';
import { fireByHand } from '../storage/fire-recurring-jobs.js';
import { channelOf, notify } from '../storage/notification.js';
import {
  databaseNow,
  deleteRecurringJob,
  type RecurringDefinition,
  upsertRecurringJob,
} from '../storage/recurring-jobs.js';

export interface RecurringOptions {
  /** The IANA zone in which the schedule is read. Default `'UTC'`. */
  readonly timeZone?: string;
  /** Default: the queue of the job's definition. */
  readonly queue?: string;
  /** Default: the priority of the job's definition. */
  readonly priority?: Priority;
}

const optionsSchema = z
  .strictObject({
    timeZone: z.string().default('UTC'),
    queue: nameSchema.optional(),
    priority: prioritySchema.optional(),
  })
  .prefault({});

const idSchema = z.strictObject({ id: nameSchema });

/** Jobs that run by a schedule. */
export class RecurringJobs {
  readonly #database: Database;
  readonly #engine: Engine;

  constructor(database: Database, engine: Engine) {
    this.#database = database;
    this.#engine = engine;
  }

  async addOrUpdate<Input>(
    id: string,
    job: JobContract<Input>,
    args: JobArgs<NoInfer<Input>>,
    expression: string,
    options?: RecurringOptions,
  ): Promise<void> {
    const { timeZone, queue, priority } = checkOptions('addOrUpdateRecurring', optionsSchema, options);
    checkOptions('addOrUpdateRecurring', idSchema, { id });
    const schedule = parseSchedule(expression, timeZone);
    const definition: RecurringDefinition = {
      id,
      name: job.name,
      args: await encodeArgs(job, args),
      queue: queue ?? job.queue,
      priority: priorityRank(priority ?? job.priority),
      attemptLimit: job.retry.attempts,
      schedule: expression,
      timeZone,
    };
    await this.#database.ensureMigrated();
    await upsertRecurringJob(this.#database, definition, schedule.next(await databaseNow(this.#database)));
    await notify(this.#database, channelOf(this.#database.schema), [{ kind: 'recurring' }]);
  }

  async trigger(id: string): Promise<string | undefined> {
    await this.#database.ensureMigrated();
    const [placed] = await this.#engine.place(async (executor) => {
      const created = await fireByHand(executor, id);
      return created === undefined ? [] : [created];
    });
    return placed?.id;
  }

  async remove(id: string): Promise<boolean> {
    await this.#database.ensureMigrated();
    return deleteRecurringJob(this.#database, id);
  }
}
