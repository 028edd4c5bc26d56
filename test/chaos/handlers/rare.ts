import { setTimeout as sleep } from 'node:timers/promises';
import type { AnyJobDefinition } from '../../../src/job/definition.js';
import * as jobs from '../jobs.js';
import { recordEffect } from '../tables.js';
import { attemptsOf, type Surroundings } from './attempt.js';

/** Jobs that do what jobs should not, and those that wait to be stopped. */
export function rareJobs({ pool, server }: Surroundings): AnyJobDefinition[] {
  const attempt = attemptsOf({ pool, server });
  return [
    jobs.hopeless.withHandler(attempt(() => Promise.reject(new Error('fails always, by plan')))),
    jobs.doomed.withHandler(
      attempt(async ({ ms }, ctx) => {
        await sleep(ms, undefined, { signal: ctx.signal });
        await recordEffect(pool, ctx.job, server);
      }),
    ),
    jobs.blocking.withHandler(
      attempt(async ({ ms }, ctx) => {
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
        await recordEffect(pool, ctx.job, server);
      }),
    ),
    jobs.poison.withHandler(
      attempt(async () => {
        process.kill(process.pid, 'SIGKILL');
        await sleep(2 ** 31 - 1);
      }),
    ),
    jobs.hold.withHandler(
      attempt(async (_args: void, ctx) => {
        const gate = () => pool.query('select from chaos.open_gates where queue = $1', [ctx.job.queue]);
        while ((await gate()).rowCount === 0) await sleep(100);
        await recordEffect(pool, ctx.job, server);
      }),
    ),
  ];
}
