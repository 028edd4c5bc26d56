import { setTimeout as sleep } from 'node:timers/promises';
import type { AnyJobDefinition } from '../../../src/job/definition.js';
import * as jobs from '../jobs.js';
import { defineTransactional, hasTransactionalJobs, type TransactionalContext } from '../release.js';
import { recordEffect } from '../tables.js';
import { attemptsOf, type Surroundings } from './attempt.js';

/** Jobs whose effects are in the transaction that their success commits with. */
export function transactionalJobs(surroundings: Surroundings): AnyJobDefinition[] {
  if (!hasTransactionalJobs) return [];
  const attempt = attemptsOf(surroundings);
  const { server } = surroundings;
  const common = { args: jobs.order, retry: jobs.retry };
  return [
    defineTransactional({
      ...common,
      name: jobs.transactional.name,
      handler: attempt(async ({ ms }, { tx, job }: TransactionalContext) => {
        await recordEffect(tx, job, server);
        await sleep(ms);
      }),
    }),
    defineTransactional({
      ...common,
      name: jobs.family.name,
      handler: attempt(async ({ ms }, { tx, job, firelock }: TransactionalContext) => {
        await recordEffect(tx, job, server);
        await firelock.enqueue(jobs.child, { parent: job.id, ms }, { tx });
        await sleep(ms);
      }),
    }),
  ];
}
