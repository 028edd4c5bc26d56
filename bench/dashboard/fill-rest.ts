import { BUCKETS } from '../../src/job/histogram.js';
import { names, PAUSED, queues } from './jobs.js';

const nameArray = `array[${names.map((name) => `'${name}'`).join(', ')}]`;
const queueArray = `array[${queues.map((queue) => `'${queue}'`).join(', ')}]`;

/** What there is beside jobs: statements that follow one another, without parameters. */
export const insertRest: readonly string[] = [
  `insert into firelock.queue_pauses (queue, paused_by, reason) values ('${PAUSED}', 'ann', 'the store is full')`,
  `insert into firelock.servers (name, state, queues, job_names, started_at, heartbeat_at, stopped_at, version)
   select 'worker-' || n % 20 || '-' || n, 'stopped', '{"default": 20, "emails": 5}', to_jsonb(${nameArray}),
     now() - interval '20 days', now(), now(), '0.1.0'
   from generate_series(1, 200) as numbers(n)`,
  `insert into firelock.recurring_jobs (id, name, args, queue, priority, attempt_limit, schedule, time_zone, next_run_at)
   select 'recurring-' || lpad(n::text, 4, '0'), (${nameArray})[1 + n % ${names.length}], '{"userId": 1}',
     (${queueArray})[1 + n % ${names.length} / 5], 2, 3, n % 60 || ' 3 * * *', 'UTC', now() + interval '300 days' + n * interval '1 minute'
   from generate_series(0, 999) as numbers(n)`,
  `insert into firelock.recurring_runs (recurring_job_id, number, at, kind, occurrence, job_id)
   select recurring_job_id, row_number() over (partition by recurring_job_id order by id), created_at, 'fired', occurrence, id
   from firelock.jobs where recurring_job_id is not null`,
  `insert into firelock.audit_log (at, acted_by, act, subject, target, reason, before, after)
   select now() - (20001 - n) * interval '2 minutes', (array['ann', 'bob', 'eve'])[1 + n % 3], 'retry', 'job', n::text,
     'asked for by a customer', '{"state": "dead"}', '{"state": "enqueued"}'
   from generate_series(1, 20000) as numbers(n)`,
  `insert into firelock.bulk_acts (act, state, query, acted_by, seen, applied, ended_at, ending)
   select 'retry', 'dead', 'name:send-report', 'ann', 5000, 4000, now(), 'finished' from generate_series(1, 20)`,
  `insert into firelock.job_logs (job_id, attempt, number, at, lines)
   select id, attempt, 1, started_at, (
     select json_agg(json_build_array(line, 'info', 'row ' || line || ' of order ' || id, json_build_object('row', line)))::text
     from generate_series(1, 200) as line
   )
   from firelock.jobs where state in ('succeeded', 'dead', 'failed') order by id desc limit 2000`,
];

const SPANS = [
  ['10s', '1 hour', '10 seconds'],
  ['minute', '2 days', '1 minute'],
  ['hour', '60 days', '1 hour'],
  ['day', '60 days', '1 day'],
] as const;

const histogram = `array[${Array.from({ length: BUCKETS }, (_, n) => `(${n} * place) % 17`).join(', ')}]::bigint[]`;

/** Up to now: written anew before each run, because the finer of them are kept for an hour only. */
export const renewStatistics: readonly string[] = [
  'truncate firelock.statistics',
  ...SPANS.map(
    ([span, kept, step]) => `
  insert into firelock.statistics
  select '${span}', at, (${queueArray})[1 + (place - 1) / 5], (${nameArray})[place], 200 + place, place % 5, place % 3,
    ${histogram}, ${histogram}
  from generate_series(
    date_trunc('${span === '10s' ? 'minute' : span}', now(), 'UTC') - interval '${kept}', now(), interval '${step}'
  ) as at
  cross join generate_series(1, ${names.length}) as place`,
  ),
  'vacuum analyze firelock.statistics',
];
