import { z } from 'zod';
import { nameSchema } from '../../job/option-schema.js';
import type { State } from '../../job/state.js';
import { planFor } from '../../job/when.js';
import { saidBy } from '../frame/form.js';
import { whenOf } from '../frame/when.js';
import { findShownJob } from '../job/job-page.js';
import { listActs, transitionOf } from '../jobs/acts.js';
import { checkMayReplaceArgs } from './hidden-args.js';
import { priority } from './job-schemas.js';
import { operation } from './operation.js';
import { about, applied, id, json, reason, state, when } from './schema.js';

const IDS_LIMIT = 1000;

const conditions = {
  from: about(
    'Apply only while the job is in (one of) these states.',
    z.union([state, z.array(state)]).optional(),
  ),
  reason,
};

const summaries = {
  retry: 'Try a failed job or a dead letter again now',
  requeue: 'Put a job that does not run back into its queue now',
  delete: 'Cancel a job; one that runs is told to stop',
} as const;

const transitions = listActs.map((act) =>
  operation({
    id: `${act}Job`,
    method: 'post',
    path: `/jobs/:id/${act}`,
    right: 'act',
    summary: summaries[act],
    input: z.strictObject({ id, ...conditions }),
    answer: z.object({ applied }),
    handle: async ({ id, ...said }, { acts, visit }) => ({
      applied: await acts.applyTo(id, transitionOf(act), { options: optionsOf(visit.actor, said) }),
    }),
  }),
);

const rescheduleJob = operation({
  id: 'rescheduleJob',
  method: 'post',
  path: '/jobs/:id/reschedule',
  right: 'act',
  summary: 'Plan a waiting job for another time',
  input: z.strictObject({ id, when, ...conditions }),
  answer: z.object({ applied }),
  handle: async ({ id, when, ...said }, { acts, visit }) => {
    const plan = planFor('reschedule', whenOf(when));
    const options = optionsOf(visit.actor, said);
    return { applied: await acts.applyTo(id, transitionOf('reschedule'), { options, plan }) };
  },
});

const changeJob = operation({
  id: 'changeJob',
  method: 'post',
  path: '/jobs/:id/change',
  right: 'act',
  summary: 'Give a waiting job another queue or priority',
  input: z.strictObject({
    id,
    queue: nameSchema.optional(),
    priority: priority.optional(),
    ...conditions,
  }),
  answer: z.object({ applied }),
  handle: async ({ id, queue, priority, ...said }, { changer, visit }) => {
    const options = optionsOf(visit.actor, said);
    return { applied: await changer.changeOne(id, { queue, priority }, { options }) };
  },
});

const runAgain = operation({
  id: 'runJobAgain',
  method: 'post',
  path: '/jobs/:id/run-again',
  right: 'act',
  status: 202,
  summary: 'Enqueue a new job like this one',
  input: z.strictObject({ id, args: about('Default: the same.', json), reason }),
  answer: z.object({ applied, jobId: about('Of the new job.', z.string().optional()) }),
  handle: async ({ id, args, ...said }, { reruns, database, viewer, visit }) => {
    if (args !== undefined) checkMayReplaceArgs(await findShownJob(id, database), viewer);
    const options = { ...saidBy(visit.actor, said), ...(args !== undefined && { args }) };
    const newId = await reruns.runAgain(id, options);
    return { applied: newId !== undefined, jobId: newId };
  },
});

const actOnJobs = operation({
  id: 'actOnJobs',
  method: 'post',
  path: '/jobs/acts',
  right: 'act',
  summary: 'Retry, requeue or delete several jobs',
  input: z.strictObject({
    act: z.enum(listActs),
    ids: z.array(id).min(1).max(IDS_LIMIT),
    ...conditions,
  }),
  answer: z.object({ applied, ids: about('Those to which it applied.', z.array(z.string())) }),
  handle: async ({ act, ids, ...said }, { acts, visit }) => {
    const options = optionsOf(visit.actor, said);
    const done = await acts.apply(transitionOf(act), [...new Set(ids)], { options });
    return { applied: done.length > 0, ids: done };
  },
});

export const jobActOperations = [...transitions, rescheduleJob, changeJob, runAgain, actOnJobs];

interface Said {
  readonly from?: State | readonly State[] | undefined;
  readonly reason?: string | undefined;
}

function optionsOf(actor: string, { from, reason }: Said) {
  return { ...saidBy(actor, { reason }), ...(from !== undefined && { from }) };
}
