import { leaseLockName } from './lease.js';
import { channelOf } from './notification.js';
import type { Executor, Statement } from './statement.js';

export interface WatchRules {
  readonly schema: string;
  /** The server that watches. */
  readonly serverId: string;
  /** A server silent for this long is lost. */
  readonly silenceMs: number;
  /** So is one whose connection has ended, and that has not come back for this long. */
  readonly absenceMs: number;
}

export interface Sighting {
  /** The servers that this look has declared lost. */
  readonly lost: readonly { readonly id: string; readonly name: string }[];
  /** The queues in which jobs wait that some running server has handlers for, and that are not paused. */
  readonly ready: readonly string[];
  /** Those in which suspects wait, and who is to run them. */
  readonly suspect: readonly SuspectQueue[];
  /** How long the server that is longest gone from its connection is gone; null if none is. */
  readonly absentMs: number | null;
}

export interface SuspectQueue {
  readonly queue: string;
  /** The first makes room for them; the others take one when they have nothing else to do. */
  readonly serverIds: readonly string[];
}

/** Looks after all servers at once: declares lost ones, and lets everyone hear where jobs wait. */
export async function watchServers(executor: Executor, rules: WatchRules): Promise<Sighting> {
  const { schema, serverId, silenceMs, absenceMs } = rules;
  const values = [serverId, silenceMs, absenceMs, leaseLockName(schema), channelOf(schema)];
  const [sighting] = await executor.run<Sighting>(statement, values);
  return sighting ?? { lost: [], ready: [], suspect: [], absentMs: null };
}

/**
 * One statement a second for a whole fleet. A server is lost when it has been silent for $2 ms, or when the advisory lock
 * of its lease is free and it has not come back for $3 ms: a killed process loses its connection at once, a living one
 * whose connection was cut renews its lease within moments. Neither counts while nobody could look: `watch.since` is
 * where the current unbroken series of looks began, so that an outage of Postgres makes nobody lost. The lock says
 * nothing about a server whose session began in an earlier run of Postgres (`session_since`).
 *
 * The statement also notifies: that somebody watches (which stands for elections: who hears it need not watch), and where
 * jobs wait that some server would claim, should the notification of an enqueuer have been lost with its process. Suspects are
 * for one half of the servers at a time, drawn anew every 20 s, because who runs one does nothing else meanwhile. (NOTIFY takes less than 8,000 bytes: 200
 * of the longest ids there can be.)
 */
const statement: Statement = {
  name: 'watch-servers',
  text: `
    with looked as (
      update firelock.watch
      set
        since = case when looked_at < now() - interval '5 seconds' then now() else since end,
        looked_at = now()
      returning since
    ),
    absent as materialized (
      select
        servers.id, heartbeat_at, missing_since,
        heartbeat_at < now() - $2::double precision * interval '1 millisecond' as silent,
        case
          when session_since = pg_postmaster_start_time()
            then pg_try_advisory_xact_lock(hashtextextended($4::text, servers.id))
          else false
        end as gone
      from firelock.servers
      where state = 'running'
    ),
    marked as (
      update firelock.servers
      set
        missing_since = case when absent.gone then coalesce(servers.missing_since, now()) end,
        state = case when verdict.lost then 'lost' else 'running' end,
        stopped_at = case when verdict.lost then now() end
      from absent
      cross join looked
      cross join lateral (
        select
          absent.silent and looked.since < now() - $2::double precision * interval '1 millisecond'
          or absent.gone
            and absent.missing_since < now() - $3::double precision * interval '1 millisecond'
            and looked.since < now() - $3::double precision * interval '1 millisecond'
      ) as verdict(lost)
      where servers.id = absent.id
        and servers.state = 'running'
        and servers.heartbeat_at = absent.heartbeat_at
        and (absent.silent or absent.gone)
      returning servers.id, servers.name, servers.state, servers.missing_since
    ),
    served as materialized (
      select distinct queues.name as queue, job_names
      from firelock.servers cross join lateral jsonb_object_keys(queues) as queues(name)
      where state = 'running' and asked is null
    ),
    ready as materialized (
      select distinct queue from served
      where exists (
        select from firelock.jobs
        where jobs.state = 'enqueued' and jobs.queue = served.queue and jobs.recoveries < 2
          and served.job_names ? jobs.name
      )
        and not exists (select from firelock.queue_pauses where queue_pauses.queue = served.queue)
    ),
    suspect as materialized (
      select queue, (array_agg(id order by lot))[:least((count(*) + 1) / 2, 200)] as server_ids
      from (
        select
          servers.id::text as id, queues.name as queue,
          hashtextextended(servers.id::text, floor(date_part('epoch', now()) / 20)::bigint) as lot
        from firelock.servers cross join lateral jsonb_object_keys(queues) as queues(name)
        where state = 'running' and asked is null
          and exists (
            select from firelock.jobs
            where jobs.state = 'enqueued' and jobs.queue = queues.name and jobs.recoveries >= 2
              and servers.job_names ? jobs.name
          )
          and not exists (select from firelock.queue_pauses where queue_pauses.queue = queues.name)
      ) as able
      group by queue
    ),
    told as materialized (
      select pg_notify($5::text, payload)
      from (
        select 'watched ' || $1::text
        union all
        select 'ready ' || queue from ready
        union all
        select 'suspect ' || queue || ' ' || array_to_string(server_ids, ',') from suspect
      ) as payloads(payload)
    )
    select
      coalesce((select json_agg(json_build_object('id', id::text, 'name', name)) from marked where state = 'lost'), '[]') as lost,
      array(select queue from ready) as ready,
      coalesce(
        (select json_agg(json_build_object('queue', queue, 'serverIds', server_ids)) from suspect), '[]'
      ) as suspect,
      (
        select date_part('epoch', now() - min(missing_since)) * 1000 from marked where state = 'running'
      ) as "absentMs",
      (select count(*) from told) as told`,
};
