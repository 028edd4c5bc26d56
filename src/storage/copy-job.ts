import type { PlacedJob } from './placed-job.js';
import type { Executor, Statement } from './statement.js';

/** Enqueues a job like this one; undefined if there is no such job. `args` is JSON text; undefined: the model's own. */
export async function copyJob(
  executor: Executor,
  modelId: string,
  args: string | undefined,
): Promise<PlacedJob | undefined> {
  const [copied] = await executor.run<PlacedJob>(statement, [modelId, args ?? null]);
  return copied;
}

/**
 * The copy may make as many attempts as the model was given: each attempt that did not count has raised the model's limit by
 * one and is told by `uncounted`, so that what is left is the limit of its beginning. (Attempts that a person has added to a
 * job that had none left are not told apart, and stay.) It is no run of the model's recurring job, and nobody's descendant.
 */
const statement: Statement = {
  name: 'copy-job',
  text: `
    with copied as (
      insert into firelock.jobs (
        name, queue, priority, attempt_limit, retry_delays_ms, timeout_ms, tags, model_id, state, args
      )
      select
        name, queue, priority, greatest(attempt_limit - uncounted, 1), retry_delays_ms, timeout_ms, tags, id,
        'enqueued', coalesce($2::jsonb, args)
      from firelock.jobs
      where id = $1
      returning id, queue, tags
    ),
    tagged as (
      insert into firelock.job_tags (tag, job_id)
      select unnest(tags), id from copied
    )
    select id::text as id, queue, null as "dueMs" from copied`,
};
