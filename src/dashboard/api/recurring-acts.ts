import { z } from 'zod';
import { nameSchema } from '../../job/option-schema.js';
import { saidBy } from '../frame/form.js';
import { whenOf } from '../frame/when.js';
import { findShownJob } from '../recurring/recurring-page.js';
import { checkMayReplaceArgs, mayReplaceArgs } from './hidden-args.js';
import { operation } from './operation.js';
import { about, applied, json, reason, when } from './schema.js';

const onJob = { id: nameSchema, reason };

const trigger = operation({
  id: 'triggerRecurringJob',
  method: 'post',
  path: '/recurring/trigger',
  right: 'manage-recurring',
  status: 202,
  summary: 'Run a recurring job now, beside its schedule',
  input: z.strictObject({ ...onJob, args: about('For this run alone. Default: its own.', json) }),
  answer: z.object({ applied, jobId: about('Of the new job.', z.string().optional()) }),
  handle: async ({ id, args, ...said }, { recurringJobs, database, viewer, visit }) => {
    if (args !== undefined) checkMayReplaceArgs(await findShownJob(id, database), viewer);
    const options = { ...saidBy(visit.actor, said), ...(args !== undefined && { args }) };
    const jobId = await recurringJobs.trigger(id, options);
    return { applied: jobId !== undefined, jobId };
  },
});

const pause = operation({
  id: 'pauseRecurringJob',
  method: 'post',
  path: '/recurring/pause',
  right: 'manage-recurring',
  summary: 'Let nothing fire for a while',
  input: z.strictObject({
    ...onJob,
    until: about(
      'When it goes on by itself, or after how long. Default: when it is resumed.',
      when.optional(),
    ),
  }),
  answer: z.object({ applied }),
  handle: async ({ id, until, ...said }, { recurringJobs, visit }) => {
    const options = { ...saidBy(visit.actor, said), ...(until !== undefined && { until: whenOf(until) }) };
    return { applied: await recurringJobs.pause(id, options) };
  },
});

const override = operation({
  id: 'overrideRecurringJob',
  method: 'post',
  path: '/recurring/override',
  right: 'manage-recurring',
  summary: 'Let other things count than code says',
  description:
    'In the place of the override before. What is not named is as code says; args that are hidden from the caller stay.',
  input: z.strictObject({
    ...onJob,
    schedule: z.string().max(30_000).optional(),
    timeZone: z.string().max(100).optional(),
    queue: nameSchema.optional(),
    args: json,
  }),
  answer: z.object({ applied }),
  handle: async ({ id, reason, ...override }, { recurringJobs, database, viewer, visit }) => {
    const job = await findShownJob(id, database);
    if (override.args !== undefined) checkMayReplaceArgs(job, viewer);
    const args = mayReplaceArgs(job, viewer) ? override.args : job.override?.args;
    const said = saidBy(visit.actor, { reason });
    return { applied: await recurringJobs.override(id, { ...override, args }, said) };
  },
});

const plainActs = [
  { act: 'resume', id: 'resumeRecurringJob', path: 'resume', summary: 'End a pause' },
  {
    act: 'dropOverride',
    id: 'dropRecurringOverride',
    path: 'drop-override',
    summary: 'Let what code says count again',
  },
  {
    act: 'remove',
    id: 'removeRecurringJob',
    path: 'remove',
    summary: 'Remove a recurring job; code that still defines it brings it back',
  },
] as const;

const withoutMore = plainActs.map(({ act, path, ...described }) =>
  operation({
    ...described,
    method: 'post',
    path: `/recurring/${path}`,
    right: 'manage-recurring',
    input: z.strictObject(onJob),
    answer: z.object({ applied }),
    handle: async ({ id, ...said }, { recurringJobs, visit }) => ({
      applied: await recurringJobs[act](id, saidBy(visit.actor, said)),
    }),
  }),
);

export const recurringActOperations = [trigger, pause, override, ...withoutMore];
