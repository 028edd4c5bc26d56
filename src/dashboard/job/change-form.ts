import { priorities } from '../../job/priority.js';
import { english as t } from '../english.js';
import { saidBy } from '../frame/form.js';
import { appliesTo } from '../jobs/acts.js';
import { aboutJob, type JobForm } from './job-form.js';

const words = t.job.forms.change;
const QUEUE_LIMIT = 128;

/** Asks for another queue or priority of a waiting job. */
export const changeForm: JobForm = {
  act: 'change',
  pageOf: (typed) => {
    const { job, form } = typed;
    if (!appliesTo('change', job.state)) return undefined;
    const queue = form.queue ?? job.queue;
    const priority = form.priority ?? job.priority;
    const options = priorities.map((value) => ({ value, label: value }));
    return {
      ...aboutJob(typed, 'change'),
      title: words.title(job.name),
      explanation: words.explanation,
      button: words.button,
      fields: [
        { kind: 'text', name: 'queue', label: words.queue, value: queue, limit: QUEUE_LIMIT, required: true },
        { kind: 'select', name: 'priority', label: words.priority, value: priority, options },
      ],
    };
  },
  submit: async ({ job, form, visit }, { changer }) => {
    const { queue = job.queue } = form;
    const priority = priorities.find((each) => each === form.priority) ?? job.priority;
    const options = { ...saidBy(visit.actor, form), ...(form.from && { from: form.from }) };
    return (await changer.changeOne(job.id, { queue, priority }, { options })) ? job.id : undefined;
  },
};
