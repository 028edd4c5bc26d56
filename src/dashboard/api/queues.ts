import { z } from 'zod';
import { nameSchema } from '../../job/option-schema.js';
import { saidBy } from '../frame/form.js';
import { readQueues } from '../queues/queue-rows.js';
import { operation } from './operation.js';
import { about, applied, instant, named, nothing, reason } from './schema.js';
import { endedAttempts } from './statistics.js';

const queue = named(
  'Queue',
  z.object({
    name: z.string(),
    enqueued: about('Counted up to 10,000.', z.int()),
    running: z.int(),
    slots: about('How many may run at once, on all running servers.', z.int()),
    servers: z.array(z.object({ id: z.string(), name: z.string(), slots: z.int() })),
    pause: z.object({ at: instant, by: z.string().optional(), reason: z.string().optional() }).optional(),
    oldestMs: about('How long the oldest of its enqueued jobs has been ready.', z.number().optional()),
    lately: about('The attempts that ended in the last ten minutes.', z.object(endedAttempts).optional()),
  }),
);

const list = operation({
  id: 'listQueues',
  method: 'get',
  path: '/queues',
  right: 'view',
  summary: 'The queues by name',
  input: nothing,
  answer: z.object({ queues: z.array(queue) }),
  handle: async (_input, { database }) => {
    const queues = await readQueues(database);
    return { queues: queues.map(({ queue, totals }) => ({ ...queue, lately: totals })) };
  },
});

const summaries = {
  pause: 'Start nothing more from a queue; what runs goes on',
  resume: 'Start jobs from a paused queue again',
} as const;

const acts = (['pause', 'resume'] as const).map((act) =>
  operation({
    id: `${act}Queue`,
    method: 'post',
    path: `/queues/${act}`,
    right: 'pause',
    summary: summaries[act],
    input: z.strictObject({ queue: nameSchema, reason }),
    answer: z.object({ applied }),
    handle: async ({ queue, ...said }, { queues, visit }) => ({
      applied: await queues[act](queue, saidBy(visit.actor, said)),
    }),
  }),
);

export const queueOperations = [list, ...acts];
