import type { RecurringJob } from '../../storage/recurring-jobs.js';
import { english as t } from '../english.js';
import type { Form } from '../frame/form.js';
import type { Field, FormPage } from '../frame/form-page.js';
import type { Url } from '../frame/url.js';
import { recurringJobHref } from './recurring-job-view.js';

/** What a form about one recurring job shows. */
export interface Typed {
  readonly job: RecurringJob;
  /** As it was filled in. */
  readonly form: Form | undefined;
  readonly url: Url;
  /** Undefined where they may not be seen. */
  readonly args: string | undefined;
}

const TEXT_LIMITS = { schedule: 30_000, timeZone: 100, queue: 128 };

export function runPage(typed: Typed): FormPage {
  const words = t.recurring.forms.run;
  return {
    ...aboutOne(typed, '/recurring/run'),
    title: words.title(typed.job.id),
    explanation: words.explanation,
    button: words.button,
    ...argsFields(typed, words.args, t.job.forms.again.fixed),
  };
}

export function changePage(typed: Typed): FormPage {
  const { job, form } = typed;
  const words = t.recurring.forms.change;
  const text = (name: 'schedule' | 'timeZone' | 'queue'): Field => ({
    kind: 'text',
    name,
    label: words[name](job.definition[name]),
    value: form?.[name] ?? job[name],
    limit: TEXT_LIMITS[name],
    required: true,
  });
  const { fields, notes } = argsFields(typed, words.args, words.argsHidden);
  return {
    ...aboutOne(typed, '/recurring/change'),
    title: words.title(job.id),
    explanation: words.explanation,
    button: words.button,
    fields: [text('schedule'), text('timeZone'), text('queue'), ...fields],
    notes,
  };
}

function aboutOne({ job, form, url }: Typed, action: string) {
  return {
    section: 'recurring',
    action: url(action),
    back: recurringJobHref(job.id, url),
    hidden: [{ name: 'id', value: job.id }],
    reason: form?.reason ?? '',
  } as const;
}

function argsFields({ form, args }: Typed, label: string, hiddenNote: string) {
  if (args === undefined) return { fields: [], notes: [hiddenNote] };
  const field: Field = { kind: 'json', name: 'args', label, value: form?.args ?? args };
  return { fields: [field], notes: [] };
}
