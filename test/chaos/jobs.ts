import { z } from 'zod';
import { defineJob } from '../../src/job/definition.js';

/** Where the jobs that block their event loop run: on a process that nothing else disturbs. */
export const BLOCKING_QUEUE = 'blocking';

/** Handlers fail while Postgres is away: that must never cost a job its last attempt. */
const retry = { attempts: 1000, delays: ['200ms', '500ms', '1s'] } as const;
const work = { order: z.string(), ms: z.number() };
const order = z.object(work);

/** Has its effect after a while. Ordered at once, with a delay, or for an instant. */
export const plain = defineJob({ name: 'plain', args: order, retry });
/** As `plain`, enqueued outside of any transaction. */
export const loose = defineJob({ name: 'loose', args: z.object({ ms: work.ms }), retry });
/** Fails in its first attempts. */
export const failing = defineJob({
  name: 'failing',
  args: z.object({ ...work, times: z.number() }),
  retry,
});
/** Fails always: a dead letter by plan. */
export const hopeless = defineJob({
  name: 'hopeless',
  args: order,
  retry: { attempts: 2, delays: ['200ms'] },
});
/** Has its effect and enqueues a child, both in one transaction of its own. */
export const parent = defineJob({ name: 'parent', args: order, retry });
export const child = defineJob({ name: 'child', args: z.object({ parent: z.string(), ms: work.ms }), retry });
/** Runs long, and stops when it is told to: clients delete it meanwhile. */
export const doomed = defineJob({ name: 'doomed', args: order, retry });
/** Has its effect in the transaction that the attempt's success commits with. */
export const transactional = defineJob({ name: 'transactional', transactional: true, args: order, retry });
/** As `transactional`, and enqueues a child in that transaction. */
export const family = defineJob({ name: 'family', transactional: true, args: order, retry });
/** Asks to be run again later, twice. */
export const snoozing = defineJob({ name: 'snoozing', args: order, retry });
/** Runs every second. */
export const tick = defineJob({ name: 'tick', retry });
/** Blocks the event loop of its process. */
export const blocking = defineJob({ name: 'blocking', args: order, queue: BLOCKING_QUEUE, retry });
/** Kills its process. */
export const poison = defineJob({ name: 'poison', args: z.object({ order: work.order }), retry });
/** Holds its slot until the gate opens. */
export const hold = defineJob({ name: 'hold', retry });
