import { z } from 'zod';
import { encodeArgs } from '../job/args.js';
import type { JobArgs } from '../job/context.js';
import type { JobContract } from '../job/contract.js';
import { checkOptions, nameSchema } from '../job/option-schema.js';
import { priorityRank } from '../job/priority.js';
import { serialiseArgs } from '../job/serialisation.js';
import { planFor } from '../job/when.js';
import { type Timing, scheduleOf } from '../schedule/timing.js';
import { recordAct } from '../storage/audit-log.js';
import { readCalendars } from '../storage/calendars.js';
import {
  deleteRecurringJob,
  type RecurringDefinition,
  upsertRecurringJob,
} from '../storage/define-recurring-job.js';
import { type LockedTiming, lockTiming } from '../storage/lock-timing.js';
import { type Override, writeOverride } from '../storage/override-recurring-job.js';
import { endPause, pauseRecurringJob } from '../storage/pause-recurring-job.js';
import type { Database, DatabaseTransaction } from '../storage/database.js';
import { databaseNow } from '../storage/database-now.js';
import { fireByHand } from '../storage/fire-recurring-jobs.js';
import { channelOf, notify } from '../storage/notification.js';
import type { RecurringJob } from '../storage/recurring-jobs.js';
import type { Executor } from '../storage/statement.js';
import type { Acting } from './acting.js';
import { Definer } from './definer.js';
import { type Attribution, attributionFields, attributionSchema } from './attribution.js';
import { effective } from './effective-timing.js';
import {
  type CheckedRecurringOptions,
  overrideSchema,
  type PauseOptions,
  type RecurringOptions,
  type RecurringOverride,
  recurringOptionsSchema,
  type TriggerOptions,
} from './recurring-options.js';
import { type RecurringAct, recorded } from './recurring-record.js';

const idSchema = z.strictObject({ id: nameSchema });
const triggerSchema = z.strictObject({ ...attributionFields, args: z.unknown().optional() });
const pauseSchema = z
  .strictObject({ ...attributionFields, until: z.custom<NonNullable<PauseOptions['until']>>().optional() })
  .prefault({});

const DEFAULT_GRACE_MS = 60_000;
const DEFAULT_LIMIT = 100;

/** Jobs that run by a schedule. */
export class RecurringJobs {
  readonly #database: Database;
  readonly #acting: Acting;
  readonly #definer = new Definer();

  constructor(database: Database, acting: Acting) {
    this.#database = database;
    this.#acting = acting;
  }

  async addOrUpdate<Input>(
    id: string,
    job: JobContract<Input>,
    args: JobArgs<NoInfer<Input>>,
    schedule: string,
    options?: RecurringOptions,
  ): Promise<void> {
    const checked = checkOptions('addOrUpdateRecurring', recurringOptionsSchema, options);
    checkOptions('addOrUpdateRecurring', idSchema, { id });
    const definition = definitionOf({ id, job, args: await encodeArgs(job, args), schedule }, checked);
    await this.#change(id, async (tx, known) => {
      const now = await databaseNow(tx);
      // What code says is checked also where an override hides it.
      const defined = await nextOf(tx, definition, now);
      const next = isOverridden(known)
        ? await nextOf(tx, effective({ ...known, ...definition }), now)
        : defined;
      await upsertRecurringJob(tx, definition, { next, definer: this.#definer.at(now) });
    });
  }

  /** Runs it now, beside its schedule; undefined if there is no such recurring job. */
  async trigger(id: string, options?: TriggerOptions): Promise<string | undefined> {
    const { args, by, reason } = checkOptions('triggerRecurring', triggerSchema, options ?? {});
    const text = args === undefined ? undefined : serialiseArgs(args);
    return this.#acting.perform({ tx: undefined, inParts: by !== undefined }, async (executor) => {
      const created = await fireByHand(executor, { id, args: text, by, reason });
      if (created === undefined) return { result: undefined, placed: [] };
      // Not its args: they are kept no longer than their job.
      const record = {
        act: 'trigger',
        subject: 'recurring job',
        target: id,
        after: { jobId: created.id },
      } as const;
      await recordAct(executor, { by, reason, ...record });
      return { result: created.id, placed: [created] };
    });
  }

  async pause(id: string, options?: PauseOptions): Promise<boolean> {
    const { until, by, reason } = checkOptions('pauseRecurring', pauseSchema, options);
    const plan = until === undefined ? undefined : planFor('pauseRecurring', until);
    const pause = { by, reason, until: plan?.runAt, forMs: plan?.delayMs };
    const act = { id, act: 'pause', said: { by, reason }, shown: pauseOf };
    return this.#act(act, (tx) => pauseRecurringJob(tx, id, pause));
  }

  /** False if it is not paused. */
  async resume(id: string, options?: Attribution): Promise<boolean> {
    const said = checkOptions('resumeRecurring', attributionSchema, options);
    return this.#act({ id, act: 'resume', said, shown: pauseOf }, async (tx, known) => {
      if (known?.isPaused !== true) return false;
      await endPause(tx, id, await nextOf(tx, effective(known), await databaseNow(tx)));
      return true;
    });
  }

  /** In the place of the override before, if there was one; false if there is no such recurring job. */
  async override(id: string, override: RecurringOverride, options?: Attribution): Promise<boolean> {
    const { args, ...given } = checkOptions('overrideRecurring', overrideSchema, override);
    const said = checkOptions('overrideRecurring', attributionSchema, options);
    const text = args === undefined ? undefined : serialiseArgs(args);
    const act = { id, act: 'override', said, shown: overrideOf };
    return this.#writeOverride(act, { ...noOverride, ...given, ...said, args: text });
  }

  /** What code says counts again; false if there is no such recurring job. */
  async dropOverride(id: string, options?: Attribution): Promise<boolean> {
    const said = checkOptions('dropRecurringOverride', attributionSchema, options);
    return this.#writeOverride({ id, act: 'drop override', said, shown: overrideOf }, undefined);
  }

  async remove(id: string, options?: Attribution): Promise<boolean> {
    const said = checkOptions('removeRecurring', attributionSchema, options);
    const act = { id, act: 'remove', said, shown: definitionShown };
    return this.#act(act, (tx) => deleteRecurringJob(tx, id));
  }

  #writeOverride(act: RecurringAct, override: Override | undefined): Promise<boolean> {
    const { id } = act;
    return this.#act(act, async (tx, known) => {
      if (known === undefined) return false;
      const { schedule = null, timeZone = null } = override ?? noOverride;
      const timing = effective({ ...known, overrideSchedule: schedule, overrideTimeZone: timeZone });
      await writeOverride(tx, id, { override, next: await nextOf(tx, timing, await databaseNow(tx)) });
      return true;
    });
  }

  /** A change that a person may have asked for. */
  #act<Result>(act: RecurringAct, work: Work<Result>): Promise<Result> {
    return this.#change(act.id, (tx, known) => recorded(tx, act, () => work(tx, known)));
  }

  /** Changes a recurring job, locked, and lets the server that leads hear of it. */
  async #change<Result>(id: string, work: Work<Result>): Promise<Result> {
    const database = this.#database;
    await database.ensureMigrated();
    return database.transaction(async (tx) => {
      const result = await work(tx, await lockTiming(tx, id));
      await notify(tx, channelOf(database.schema), [{ kind: 'recurring' }]);
      return result;
    });
  }
}

type Work<Result> = (tx: DatabaseTransaction, known: LockedTiming | undefined) => Promise<Result>;

const pauseOf = ({ pause }: RecurringJob) => pause;
const overrideOf = ({ override }: RecurringJob) => override;
const definitionShown = ({ name, definition }: RecurringJob) => ({ name, ...definition });

const noOverride: Override = {
  schedule: undefined,
  timeZone: undefined,
  args: undefined,
  queue: undefined,
  by: undefined,
  reason: undefined,
};

interface Defined {
  readonly id: string;
  readonly job: JobContract<never>;
  /** JSON text. */
  readonly args: string;
  readonly schedule: string;
}

function definitionOf(
  { id, job, args, schedule }: Defined,
  options: CheckedRecurringOptions,
): RecurringDefinition {
  return {
    id,
    name: job.name,
    args,
    queue: options.queue ?? job.queue,
    priority: priorityRank(options.priority ?? job.priority),
    attemptLimit: job.retry.attempts,
    schedule,
    timeZone: options.timeZone,
    startAt: options.startAt,
    endAt: options.endAt,
    calendars: options.calendars,
    jitterMs: options.jitter,
    misfire: options.misfire,
    misfireGraceMs: options.misfireGrace ?? DEFAULT_GRACE_MS,
    misfireLimit: options.misfireLimit ?? DEFAULT_LIMIT,
    overlap: options.overlap,
    toleranceMs: options.tolerance,
  };
}

function isOverridden(known: LockedTiming | undefined): known is LockedTiming {
  return known !== undefined && (known.overrideSchedule ?? known.overrideTimeZone) !== null;
}

/** @throws InvalidScheduleError */
async function nextOf(executor: Executor, timing: Timing, now: Date): Promise<Date | undefined> {
  const names = timing.calendars;
  const calendars = names.length === 0 ? new Map() : await readCalendars(executor, names);
  return scheduleOf(timing, calendars).next(now);
}
