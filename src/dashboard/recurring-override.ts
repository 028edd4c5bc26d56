import type { RecurringOverride } from '../client/recurring-options.js';
import type { RecurringJob } from '../storage/recurring-jobs.js';
import { argsOf, type RecurringForm } from './recurring-form.js';

/** What a filled-in form says instead of the code. What is as code says is left out: it follows the next deployment. */
export function overrideOf(form: RecurringForm, { definition }: RecurringJob): RecurringOverride | undefined {
  const said = { schedule: form.schedule, timeZone: form.timeZone, queue: form.queue, args: argsOf(form) };
  const override = Object.fromEntries(
    Object.entries(said).filter(
      ([name, value]) => value !== undefined && !isSame(value, definition[name as keyof typeof said]),
    ),
  );
  return Object.keys(override).length === 0 ? undefined : override;
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
