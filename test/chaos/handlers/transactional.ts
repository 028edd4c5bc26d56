import { setTimeout as sleep } from 'node:timers/promises';
import type { TransactionalJobContext } from '../../../src/job/context.js';
import type { AnyJobDefinition } from '../../../src/job/definition.js';
import * as jobs from '../jobs.js';
import { recordEffect } from '../tables.js';
import { attemptsOf, type Surroundings } from './attempt.js';

interface Args {
  readonly ms: number;
}

/** Jobs whose effects are in the transaction that their success commits with. */
export function transactionalJobs(surroundings: Surroundings): AnyJobDefinition[] {
  const attempt = attemptsOf(surroundings);
  const { server } = surroundings;
  return [
    jobs.transactional.withHandler(
      attempt(async ({ ms }: Args, { tx, job }: TransactionalJobContext) => {
        await recordEffect(tx, job, server);
        await sleep(ms);
      }),
    ),
    jobs.family.withHandler(
      attempt(async ({ ms }: Args, { tx, job, firelock }: TransactionalJobContext) => {
        await recordEffect(tx, job, server);
        await firelock.enqueue(jobs.child, { parent: job.id, ms }, { tx });
        await sleep(ms);
      }),
    ),
  ];
}
