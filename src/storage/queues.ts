import type { Executor, Statement } from './statement.js';

/** Those of the queues in which a job waits that one of the names runs. */
export async function queuesWithReadyJobs(
  executor: Executor,
  queues: readonly string[],
  names: readonly string[],
): Promise<readonly string[]> {
  const rows = await executor.run<{ queue: string }>(statement, [queues, names]);
  return rows.map(({ queue }) => queue);
}

const statement: Statement = {
  name: 'queues-with-ready-jobs',
  text: `
    select queue
    from unnest($1::text[]) as served(queue)
    where exists (
      select from firelock.jobs
      where jobs.state = 'enqueued' and jobs.queue = served.queue and jobs.name = any($2::text[])
    )`,
};
