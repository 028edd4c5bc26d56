import { type Claim, type ClaimedJob, claimedColumns, waited } from './settle-and-claim.js';
import type { Executor, Statement } from './statement.js';

/** Claims one suspect of a queue, to run apart; undefined if none waits. */
export async function claimSuspect(
  executor: Executor,
  serverId: string,
  { queue, names }: Omit<Claim, 'limit'>,
): Promise<ClaimedJob | undefined> {
  const [claimed] = await executor.run<ClaimedJob>(statement, [serverId, queue, names]);
  return claimed;
}

/**
 * As the claim of `settle-and-claim.ts`, for jobs whose server was lost twice while they ran. `runs_apart` tells the recovery
 * that nothing else ran in the process: one more loss is the job's own doing.
 */
const statement: Statement = {
  name: 'claim-suspect',
  text: `
    with candidate as materialized (
      select id
      from firelock.jobs
      where state = 'enqueued' and recoveries >= 2 and queue = $2 and name = any($3::text[])
        and exists (select from firelock.servers where servers.id = $1 and servers.state = 'running' and servers.asked is null)
        and not exists (select from firelock.queue_pauses where queue_pauses.queue = $2)
      order by id
      limit 1
      for update skip locked
    ),
    claimed as (
      update firelock.jobs
      set
        state = 'processing', attempt = jobs.attempt + 1, server_id = $1, started_at = clock_timestamp(),
        runs_apart = true
      from candidate
      where jobs.id = candidate.id
      returning jobs.*,${waited}
    )
    select ${claimedColumns} from claimed`,
};
