import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { CalendarInUseError } from '../errors.js';
import { checkOptions, nameSchema } from '../job/option-schema.js';
import { type CalendarRules, parseCalendar } from '../schedule/calendar.js';
import { scheduleOf } from '../schedule/timing.js';
import { type RecordedAct, recordAct } from '../storage/audit-log.js';
import { deleteCalendar, readCalendars, writeCalendar } from '../storage/calendars.js';
import { lockTimingsWith, setNextRun } from '../storage/lock-timing.js';
import type { Database } from '../storage/database.js';
import { databaseNow } from '../storage/database-now.js';
import { channelOf, notify } from '../storage/notification.js';
import type { Executor } from '../storage/statement.js';
import { type Attribution, attributionSchema } from './attribution.js';
import { effective } from './effective-timing.js';

const text = z.array(z.string());
const rulesSchema = z.strictObject({
  dates: text.optional(),
  weekdays: z
    .array(z.enum(['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']))
    .optional(),
  times: text.optional(),
  cron: text.optional(),
  timeZone: z.string().optional(),
});
const nameOnly = z.strictObject({ name: nameSchema });

/** Named sets of times at which nothing fires, for several recurring jobs at once. */
export class Calendars {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The next run of every recurring job that names it is computed anew. */
  async addOrUpdate(name: string, rules: CalendarRules, options?: Attribution): Promise<void> {
    const said = checkOptions('addOrUpdateCalendar', attributionSchema, options);
    checkOptions('addOrUpdateCalendar', nameOnly, { name });
    const checked = checkOptions('addOrUpdateCalendar', rulesSchema, rules);
    parseCalendar(checked);
    const database = this.#database;
    await database.ensureMigrated();
    await database.transaction(async (tx) => {
      const before = await rulesOf(tx, name);
      await writeCalendar(tx, name, checked);
      await record(tx, { ...said, act: 'change', target: name, before, after: checked });
      const now = await databaseNow(tx);
      for (const timing of await lockTimingsWith(tx, name)) {
        const calendars = await readCalendars(tx, timing.calendars);
        await setNextRun(tx, timing.id, scheduleOf(effective(timing), calendars).next(now));
      }
      await notify(tx, channelOf(database.schema), [{ kind: 'recurring' }]);
    });
  }

  /** @throws CalendarInUseError */
  async remove(name: string, options?: Attribution): Promise<boolean> {
    const said = checkOptions('removeCalendar', attributionSchema, options);
    const database = this.#database;
    await database.ensureMigrated();
    return database.transaction(async (tx) => {
      const users = await lockTimingsWith(tx, name);
      if (users.length > 0)
        throw new CalendarInUseError(
          name,
          users.map(({ id }) => id),
        );
      const before = await rulesOf(tx, name);
      const isRemoved = await deleteCalendar(tx, name);
      await record(tx, { ...said, act: 'remove', target: name, before });
      return isRemoved;
    });
  }
}

async function rulesOf(executor: Executor, name: string): Promise<CalendarRules | undefined> {
  return (await readCalendars(executor, [name])).get(name);
}

async function record(executor: Executor, act: Omit<RecordedAct, 'subject'>): Promise<void> {
  if (!isDeepStrictEqual(act.before, act.after)) await recordAct(executor, { ...act, subject: 'calendar' });
}
