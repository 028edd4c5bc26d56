import type { KnownValue } from '../search/completions.js';
import type { Executor, Statement } from './statement.js';

/**
 * Values that may stand after a qualifier and begin with a prefix, in their order: names and queues of servers, recurring jobs,
 * the latest statistics and the latest jobs; tags; servers; recurring jobs. Bounded, so that not every value must be among
 * them: they are offered, not checked.
 */
export async function knownValues(
  executor: Executor,
  of: KnownValue,
  { prefix, limit }: { readonly prefix: string; readonly limit: number },
): Promise<readonly string[]> {
  const rows = await executor.run<{ value: string }>(statements[of], [prefix, limit]);
  return rows.map(({ value }) => value);
}

const name: Statement = {
  name: 'known-names',
  text: `
    select distinct value
    from (
      select jsonb_array_elements_text(job_names) as value
      from (select job_names from firelock.servers order by id desc limit 200) as latest_servers
      union all
      select name from firelock.recurring_jobs
      union all
      select name from (select name from firelock.statistics where span = 'hour' order by at desc limit 2000) as counted
      union all
      select name from (select name from firelock.jobs order by id desc limit 1000) as latest_jobs
    ) as known
    where starts_with(value, $1)
    order by value
    limit $2`,
};

const queue: Statement = {
  name: 'known-queues',
  text: `
    select distinct value
    from (
      select jsonb_object_keys(queues) as value
      from (select queues from firelock.servers order by id desc limit 200) as latest_servers
      union all
      select coalesce(override_queue, queue) from firelock.recurring_jobs
      union all
      select queue from firelock.queue_pauses
      union all
      select queue from (select queue from firelock.statistics where span = 'hour' order by at desc limit 2000) as counted
      union all
      select queue from (select queue from firelock.jobs order by id desc limit 1000) as latest_jobs
    ) as known
    where starts_with(value, $1)
    order by value
    limit $2`,
};

/** Leaps from tag to tag in the primary key, at most 500 times: a tag of millions costs no more than one of a single job. */
const tag: Statement = {
  name: 'known-tags',
  text: `
    with recursive known as (
      (select tag as value, 1 as leaps from firelock.job_tags where tag >= $1 order by tag limit 1)
      union all
      select
        (select job_tags.tag from firelock.job_tags where job_tags.tag > known.value order by job_tags.tag limit 1),
        leaps + 1
      from known
      where value is not null and leaps < 500
    )
    select value from known where starts_with(value, $1) order by value limit $2`,
};

const server: Statement = {
  name: 'known-servers',
  text: `
    select distinct name as value from firelock.servers where starts_with(name, $1) order by value limit $2`,
};

const recurring: Statement = {
  name: 'known-recurring-jobs',
  text: `select id as value from firelock.recurring_jobs where starts_with(id, $1) order by value limit $2`,
};

const statements: Readonly<Record<KnownValue, Statement>> = { name, queue, tag, server, recurring };
