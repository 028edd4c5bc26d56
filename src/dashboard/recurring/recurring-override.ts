import type { RecurringOverride } from '../../client/recurring-options.js';
import type { RecurringJob } from '../../storage/recurring-jobs.js';
import type { Form } from '../frame/form.js';
import { argsOf } from '../frame/json-field.js';

/**
 * What a filled-in form says instead of the code. What is as code says is left out: it follows the next deployment. Args that
 * were not shown stay as they are.
 */
export function overrideOf(
  form: Form,
  { definition, override: before, args }: RecurringJob,
  { mayEditArgs }: { readonly mayEditArgs: boolean },
): RecurringOverride | undefined {
  const keptArgs = before?.args === undefined ? undefined : args;
  const said = {
    schedule: form.schedule,
    timeZone: form.timeZone,
    queue: form.queue,
    args: mayEditArgs ? argsOf(form) : keptArgs,
  };
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
