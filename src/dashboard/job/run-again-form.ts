import { english as t } from '../english.js';
import { saidBy } from '../frame/form.js';
import type { Field } from '../frame/form-page.js';
import { argsOf } from '../frame/json-field.js';
import type { DashboardParts } from '../frame/parts.js';
import { aboutJob, type JobForm, type TypedOfJob } from './job-form.js';

const words = t.job.forms.again;

/** Asks for the args of a new job like this one. Where something of them is hidden they are not edited: the copy has the same. */
export const runAgainForm: JobForm = {
  act: 'again',
  pageOf: (typed, parts) => {
    const problem = whyFixed(typed, parts);
    return {
      ...aboutJob(typed, 'again'),
      title: words.title(typed.job.name),
      explanation: words.explanation,
      button: words.button,
      fields: problem === undefined ? [argsField(typed)] : [],
      notes: problem === undefined ? [] : [problem],
    };
  },
  submit: async (typed, parts) => {
    const { job, form, visit } = typed;
    const args = whyFixed(typed, parts) === undefined ? { args: argsOf(form) ?? null } : {};
    return parts.reruns.runAgain(job.id, { ...saidBy(visit.actor, form), ...args });
  },
};

function whyFixed({ job, visit }: TypedOfJob, { redaction }: DashboardParts): string | undefined {
  if (!visit.rights.has('view-args')) return words.notShown;
  return redaction.leaves(job.args, { job: job.name, part: 'args' }) ? undefined : words.fixed;
}

function argsField({ job, form }: TypedOfJob): Field {
  const own = job.args === null ? '' : JSON.stringify(job.args, null, 2);
  return { kind: 'json', name: 'args', label: words.args, value: form.args ?? own };
}
