import type pg from 'pg';
import { BUCKETS } from '../../src/job/histogram.js';
import { eventually } from '../eventually.js';

/** Moves what has just happened into the last hours, and counts what a shop of that size has done in the last month. */
export async function addPast(client: pg.Client): Promise<void> {
  await eventually('the servers have told what they did', async () => {
    const { rows } = await client.query(toldAll);
    return rows.length > 0;
  });
  await client.query('delete from firelock.statistics');
  await client.query(spreadJobs);
  await client.query(spreadTransitions);
  for (const [span, step, count] of spans) await client.query(countPast, [span, step, count, waits, runs]);
}

/** How many fell into each bucket of job/histogram.ts, the first ones; the rest are empty. */
const waits = histogram([2, 8, 30, 22, 9, 4, 1]);
const runs = histogram([0, 0, 1, 6, 18, 30, 24, 7, 2]);

function histogram(first: readonly number[]): readonly number[] {
  return Array.from({ length: BUCKETS }, (_, bucket) => first[bucket] ?? 0);
}

const toldAll = `
  select from firelock.statistics where span = 'day'
  having sum(succeeded) >= (select count(*) from firelock.jobs where state = 'succeeded')`;

/** The later the id, the later it was; the latest a few seconds ago. */
const AGE = `(select max(id) - job_of.id from firelock.jobs) * interval '17 s' + interval '4 s'`;

const spreadJobs = `
  update firelock.jobs as job_of
  set created_at = created_at - ${AGE}, started_at = started_at - ${AGE}, finished_at = finished_at - ${AGE}
  where state in ('succeeded', 'failed', 'dead', 'deleted')`;

const spreadTransitions = `
  update firelock.transitions as told
  set at = at - ${AGE}, started_at = told.started_at - ${AGE}, ended_at = ended_at - ${AGE}
  from firelock.jobs as job_of
  where job_of.id = told.job_id and job_of.state in ('succeeded', 'failed', 'dead', 'deleted')`;

/** Spans, their lengths, and how many of them. */
const spans = [
  ['10s', '10 s', 62],
  ['minute', '1 min', 1450],
  ['hour', '1 h', 170],
  ['day', '1 d', 31],
] as const;

/** More by day than by night, with an hour in which the mail server was away. */
const countPast = `
  insert into firelock.statistics (span, at, queue, name, succeeded, failed, dead, waits, runs)
  select
    $1, at, queue, name, round(rate * seconds * wave)::bigint, round(rate * seconds * wave * failing)::bigint,
    round(rate * seconds * wave * dying)::bigint, $4::bigint[], $5::bigint[]
  from
    generate_series(1, $3::integer) as place,
    lateral (
      select
        date_bin($2::interval, now(), timestamptz '2001-01-01 00:00:00+00') - place * $2::interval as at,
        extract(epoch from $2::interval) as seconds
    ) as spans,
    lateral (
      select
        1.2 - cos(extract(epoch from at) / 86400 * 2 * pi()) + 0.25 * sin(extract(epoch from at) / 47) as wave,
        case when now() - at between interval '7 h' and interval '8 h' then 0.5 else 0.03 end as outage
    ) as waves,
    lateral (
      values ('emails', 'send-welcome-email', 0.9, outage, 0.002), ('payments', 'charge-card', 0.4, 0, 0.02)
    ) as kinds(queue, name, rate, failing, dying)
  on conflict do nothing`;
