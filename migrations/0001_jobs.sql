-- One row per job. Everything that claims, settles or lists reads this table; see docs/states.md for the states.
create table firelock.jobs (
  id bigint generated always as identity primary key,
  name text not null,
  queue text not null,
  state text not null,
  priority smallint not null,
  attempt integer not null default 0,
  attempt_limit integer not null,
  uncounted integer not null default 0,
  recoveries smallint not null default 0,
  runs_apart boolean not null default false,
  timeout_ms integer,
  run_at timestamptz,
  created_at timestamptz not null default now(),
  scheduled_for timestamptz,
  started_at timestamptz,
  finished_at timestamptz,
  server_id bigint,
  recurring_job_id text,
  occurrence timestamptz,
  retry_delays_ms jsonb,
  args jsonb not null,
  result jsonb,
  constraint jobs_state check (
    state in ('awaiting', 'scheduled', 'enqueued', 'processing', 'failed', 'succeeded', 'dead', 'deleted')
  ),
  constraint jobs_planned check (state not in ('scheduled', 'failed') or run_at is not null),
  constraint jobs_claimed check (state <> 'processing' or (server_id is not null and started_at is not null)),
  constraint jobs_finished check ((state in ('succeeded', 'dead', 'deleted')) = (finished_at is not null))
) with (
  -- every state change is a new row version: vacuum early, so that the claim's index stays small
  autovacuum_vacuum_scale_factor = 0.02,
  autovacuum_vacuum_insert_scale_factor = 0.1,
  autovacuum_analyze_scale_factor = 0.05
);

-- Partial indexes by state; a row is in exactly one of the first five, so that a state change costs one entry beside the
-- primary key.
-- claiming, and the list of enqueued jobs in the order in which they will be claimed
create index jobs_ready on firelock.jobs (queue, priority, id) where state = 'enqueued';
-- the list of awaiting jobs
create index jobs_awaiting on firelock.jobs (id) where state = 'awaiting';
-- promoting what is due, and the lists of scheduled and failed jobs
create index jobs_waiting on firelock.jobs (state, run_at, id) where state in ('scheduled', 'failed');
-- recovering a lost server's jobs, and the list of running jobs
create index jobs_processing on firelock.jobs (server_id, id) where state = 'processing';
-- expiry, and the lists of finished jobs
create index jobs_done on firelock.jobs (state, finished_at, id) where state in ('succeeded', 'dead', 'deleted');
-- suspects: enqueued jobs whose next crash may be their last, which therefore run apart; hardly ever are there any
create index jobs_suspect on firelock.jobs (queue, id) where state = 'enqueued' and recoveries >= 2;
-- one occurrence of a recurring job creates at most one job (I7)
create unique index jobs_occurrence on firelock.jobs (recurring_job_id, occurrence) where occurrence is not null;

-- The state history: failed attempts, recoveries and acts of people. The happy path is told by the job's own columns.
create table firelock.transitions (
  id bigint generated always as identity primary key,
  job_id bigint not null,
  at timestamptz not null default now(),
  from_state text not null,
  to_state text not null,
  attempt integer not null,
  server_id bigint,
  started_at timestamptz,
  run_at timestamptz,
  error jsonb,
  acted_by text,
  reason text,
  ended_at timestamptz,
  ending text,
  constraint transitions_ending check ((ended_at is null) = (ending is null) and ending in ('stopped', 'finished'))
);
create index transitions_job on firelock.transitions (job_id, id);

-- One row per started server, kept for a while after it has gone, because jobs name it. `session_since` is the start of the
-- Postgres in which the server's lease holds an advisory lock, null where it holds none; `missing_since` is when another
-- server first saw that lock free.
create table firelock.servers (
  id bigint generated always as identity primary key,
  name text not null,
  state text not null default 'running',
  queues jsonb not null,
  job_names jsonb not null,
  started_at timestamptz not null default now(),
  heartbeat_at timestamptz not null default now(),
  stopped_at timestamptz,
  session_since timestamptz,
  missing_since timestamptz,
  constraint servers_state check (state in ('running', 'stopped', 'lost')),
  constraint servers_stopped check ((state = 'running') = (stopped_at is null))
);
create index servers_running on firelock.servers (heartbeat_at) where state = 'running';

-- One row: since when, without a gap, some server has been able to look after the others. Silence counts from then on.
create table firelock.watch (
  only_one boolean primary key default true check (only_one),
  since timestamptz not null default now(),
  looked_at timestamptz not null default now()
);
insert into firelock.watch default values;

create table firelock.recurring_jobs (
  id text primary key,
  name text not null,
  args jsonb not null,
  queue text not null,
  priority smallint not null,
  attempt_limit integer not null,
  schedule text not null,
  time_zone text not null,
  next_run_at timestamptz,
  last_run_at timestamptz,
  last_job_id bigint,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index recurring_jobs_due on firelock.recurring_jobs (next_run_at) where next_run_at is not null;
