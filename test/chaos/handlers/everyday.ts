import { setTimeout as sleep } from 'node:timers/promises';
import type { JobContext } from '../../../src/job/context.js';
import type { AnyJobDefinition } from '../../../src/job/definition.js';
import * as jobs from '../jobs.js';
import { inTransaction, recordEffect } from '../tables.js';
import { attemptsOf, type Surroundings } from './attempt.js';

/** Jobs that clients order all the time. They do not look at `ctx.signal`: the worst that a server can be asked to run. */
export function everydayJobs({ pool, server }: Surroundings): AnyJobDefinition[] {
  const attempt = attemptsOf({ pool, server });
  const work = async ({ ms }: { readonly ms: number }, ctx: JobContext) => {
    await sleep(ms);
    await recordEffect(pool, ctx.job, server);
  };
  return [
    jobs.plain.withHandler(attempt(work)),
    jobs.loose.withHandler(attempt(work)),
    jobs.child.withHandler(attempt(work)),
    jobs.snoozing.withHandler(
      attempt((args, ctx) => (ctx.job.attempt <= 2 ? ctx.snooze('200ms') : work(args, ctx))),
    ),
    jobs.failing.withHandler(
      attempt(async ({ ms, times }, ctx) => {
        await sleep(ms);
        if (ctx.job.attempt <= times) throw new Error('fails by plan');
        await recordEffect(pool, ctx.job, server);
      }),
    ),
    jobs.parent.withHandler(
      attempt(async ({ ms }, ctx) => {
        await sleep(ms);
        await inTransaction(pool, async (tx) => {
          await recordEffect(tx, ctx.job, server);
          await ctx.firelock.enqueue(jobs.child, { parent: ctx.job.id, ms }, { tx });
        });
      }),
    ),
    jobs.tick.withHandler(attempt((_args: void, ctx) => recordEffect(pool, ctx.job, server))),
  ];
}
