import { english as t } from '../english.js';
import { appliesTo } from '../jobs/acts.js';
import { aboutJob, type JobForm } from './job-form.js';

const words = t.job.forms.delete;

/** Asks before a job is deleted; what it posts to is the act itself. */
export const deletionForm: JobForm = {
  act: 'delete',
  pageOf: (typed) => {
    const { name, state } = typed.job;
    if (!appliesTo('delete', state)) return undefined;
    return {
      ...aboutJob(typed, 'delete'),
      title: words.title(name),
      explanation: words.explanation,
      notes: state === 'processing' ? [words.running] : [],
      button: words.button,
      isDanger: true,
    };
  },
};
