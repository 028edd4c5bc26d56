import { names, PAUSED, queues } from './jobs.js';

const DAYS = 30;

/** Of a thousand jobs: so many in each state; what is left of them waits in a queue that is not paused. */
const mix = { succeeded: 940, dead: 30, failed: 15, scheduled: 5, deleted: 5, paused: 4 };

const thousandths = Object.values(mix).map((_, index, parts) =>
  parts.slice(0, index + 1).reduce((sum, part) => sum + part, 0),
);
const [succeeded, dead, failed, scheduled, deleted, paused] = thousandths;

const errors = [
  'TimeoutError: order %s was not answered within 3000 ms by 10.0.%s.7',
  'HttpError: 503 Service Unavailable for POST /v1/customers/%s/charges, attempt %s',
  'ValidationError: the address of user %s has no postcode in line %s',
  'DatabaseError: duplicate key value violates unique constraint "orders_pkey": (id)=(%s), shard %s',
  'TypeError: cannot read properties of undefined (reading "total") of order %s at line %s',
  'Error: the file import-%s.csv ends in row %s',
];

/**
 * $1: the first, $2: the last, $3: how many there will be. Ids grow with time. What waits for an instant waits so long that no
 * run of the bench sees it move.
 */
export const insertJobs = `
  insert into firelock.jobs (
    id, name, queue, state, priority, attempt, attempt_limit, run_at, created_at, scheduled_for, started_at, finished_at,
    server_id, recurring_job_id, occurrence, tags, args, result, last_error
  )
  overriding system value
  select
    n, case when part >= ${deleted} and part < ${paused} then 'archive-order' else drawn.name end,
    case when part >= ${deleted} and part < ${paused} then '${PAUSED}' else drawn.queue end,
    state, case when n % 50 = 0 then 1 else 2 end,
    case when state in ('scheduled', 'enqueued', 'deleted') then 0 when state = 'dead' then 3 else 1 end, 3,
    case when state in ('scheduled', 'failed') then now() + interval '365 days' + n % 864000 * interval '1 second' end,
    created, case when state = 'scheduled' then now() + interval '365 days' + n % 864000 * interval '1 second' end,
    case when state in ('succeeded', 'dead', 'failed') then created + n % 900 * interval '1 millisecond' end,
    case
      when state in ('succeeded', 'deleted') then created + n % 4000 * interval '1 millisecond'
      when state = 'dead' then created + interval '10 minutes'
    end,
    case when state in ('succeeded', 'dead', 'failed') then 1 + n % 200 end,
    case when n % 200 = 7 then 'recurring-' || lpad((n / 200 % 1000)::text, 4, '0') end,
    case when n % 200 = 7 then created end,
    case
      when n % 10000 = 3 then array['beta', 'tenant-3', 'vip']
      when n % 100 = 3 then array['tenant-' || n % 500, 'vip']
      when n % 10 = 3 then array['tenant-' || n % 500]
    end,
    jsonb_build_object(
      'userId', n % 100000, 'email', 'user' || n % 100000 || '@example.com',
      'order', jsonb_build_object('id', n, 'total', n % 977, 'currency', 'EUR'),
      'note', repeat(md5(n::text), (n % 9)::integer)
    ),
    case when state = 'succeeded' and n % 3 = 0 then jsonb_build_object('sent', n % 7) end,
    case
      when state in ('dead', 'failed')
      then format((array[${errors.map((error) => `'${error}'`).join(', ')}])[1 + n % ${errors.length}], n, n % 250)
    end
  from generate_series($1::bigint, $2::bigint) as numbers(n)
  cross join lateral (
    select
      abs(hashint8extended(n, 1) % 1000) as part, abs(hashint8extended(n, 2) % ${names.length - 5})::integer as place,
      now() - interval '${DAYS} days' + n * (interval '${DAYS} days' - interval '1 hour') / $3::double precision as created
  ) as hashed
  cross join lateral (
    select
      (array[${names.map((name) => `'${name}'`).join(', ')}])[1 + place] as name,
      (array[${queues.map((queue) => `'${queue}'`).join(', ')}])[1 + place / 5] as queue,
      case
        when part < ${succeeded} then 'succeeded'
        when part < ${dead} then 'dead'
        when part < ${failed} then 'failed'
        when part < ${scheduled} then 'scheduled'
        when part < ${deleted} then 'deleted'
        else 'enqueued'
      end as state
  ) as drawn`;

/** $1 to $2: what belongs to the jobs of these ids. */
export const insertTags = `
  insert into firelock.job_tags (tag, job_id)
  select tag, id from firelock.jobs cross join unnest(tags) as tag where id between $1 and $2`;

export const insertTransitions = `
  insert into firelock.transitions (job_id, at, from_state, to_state, attempt, server_id, started_at, run_at, error)
  select
    id, coalesce(finished_at, started_at + interval '1 second'), 'processing', state, attempt, server_id, started_at, run_at,
    jsonb_build_object(
      'name', split_part(last_error, ': ', 1), 'message', substr(last_error, strpos(last_error, ': ') + 2),
      'stack', last_error || repeat(E'\\n    at handler (/app/dist/jobs/' || name || '.js:42:17)', 12)
    )
  from firelock.jobs
  where id between $1 and $2 and state in ('dead', 'failed')`;
