import { planFor } from '../../job/when.js';
import { english as t } from '../english.js';
import { saidBy } from '../frame/form.js';
import { whenOf } from '../frame/when.js';
import { appliesTo, transitionOf } from '../jobs/acts.js';
import { aboutJob, type JobForm } from './job-form.js';

const words = t.job.forms.reschedule;

/** Asks for when a waiting job is to run. */
export const rescheduleForm: JobForm = {
  act: 'reschedule',
  pageOf: (typed) => {
    const { name, state } = typed.job;
    if (!appliesTo('reschedule', state)) return undefined;
    const value = typed.form.when ?? '';
    return {
      ...aboutJob(typed, 'reschedule'),
      title: words.title(name),
      explanation: words.explanation,
      button: words.button,
      fields: [{ kind: 'text', name: 'when', label: words.when, value, limit: 50, required: true }],
    };
  },
  submit: async ({ job, form, visit }, { acts }) => {
    const options = { ...saidBy(visit.actor, form), ...(form.from && { from: form.from }) };
    const plan = planFor('reschedule', whenOf(form.when ?? ''));
    const applied = await acts.apply(transitionOf('reschedule'), [job.id], { options, plan });
    return applied.at(0);
  },
};
