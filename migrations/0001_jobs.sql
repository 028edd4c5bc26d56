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
-- whether an earlier run of a recurring job has not ended yet
create index jobs_unfinished_runs on firelock.jobs (recurring_job_id, id)
  where recurring_job_id is not null and state in ('awaiting', 'scheduled', 'enqueued', 'processing', 'failed');

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

-- Named sets of times at which nothing fires; `rules` as in schedule/calendar.ts.
create table firelock.calendars (
  name text primary key,
  rules jsonb not null,
  updated_at timestamptz not null default now()
);

-- What code defines; `override_*` is what a person has said instead, and stays until it is dropped. `pending` is an occurrence
-- that waits for the run before it to end. `runs` counts the rows of recurring_runs that there ever were.
create table firelock.recurring_jobs (
  id text primary key,
  name text not null,
  args jsonb not null,
  queue text not null,
  priority smallint not null,
  attempt_limit integer not null,
  schedule text not null,
  time_zone text not null,
  start_at timestamptz,
  end_at timestamptz,
  calendars text[] not null default '{}',
  jitter_ms integer not null default 0,
  misfire text not null default 'once',
  misfire_grace_ms double precision not null default 60000,
  misfire_limit integer not null default 100,
  overlap text not null default 'allow',
  tolerance_ms double precision not null default 60000,
  defined_at timestamptz not null default now(),
  defined_by text,
  definer_since timestamptz,
  override_schedule text,
  override_time_zone text,
  override_args jsonb,
  override_queue text,
  overridden_at timestamptz,
  overridden_by text,
  override_reason text,
  paused_at timestamptz,
  paused_until timestamptz,
  paused_by text,
  pause_reason text,
  next_run_at timestamptz,
  pending timestamptz,
  error jsonb,
  failed_at timestamptz,
  runs bigint not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint recurring_jobs_misfire check (misfire in ('once', 'skip', 'all')),
  constraint recurring_jobs_overlap check (overlap in ('allow', 'skip', 'queue-one', 'replace')),
  constraint recurring_jobs_paused check (paused_at is not null or (paused_until, paused_by, pause_reason) is null),
  constraint recurring_jobs_failed check ((error is null) = (failed_at is null))
);
-- what is due
create index recurring_jobs_due on firelock.recurring_jobs (next_run_at) where next_run_at is not null and paused_at is null;
-- what is due, but cannot be computed
create index recurring_jobs_failed on firelock.recurring_jobs (failed_at) where failed_at is not null;
-- what waits for the run before it
create index recurring_jobs_pending on firelock.recurring_jobs (id) where pending is not null;
-- pauses that end
create index recurring_jobs_paused_until on firelock.recurring_jobs (paused_until) where paused_until is not null;

-- What became of each occurrence: the latest 500 of a recurring job, numbered. `missed` counts the occurrences from `occurrence`
-- to `until` that were not fired. `job_state` and `ended_at` are written when the job's row expires.
create table firelock.recurring_runs (
  recurring_job_id text not null references firelock.recurring_jobs on delete cascade,
  number bigint not null,
  at timestamptz not null default now(),
  kind text not null,
  occurrence timestamptz,
  until timestamptz,
  missed integer,
  job_id bigint,
  job_state text,
  started_at timestamptz,
  ended_at timestamptz,
  acted_by text,
  reason text,
  primary key (recurring_job_id, number),
  constraint recurring_runs_kind check (kind in ('fired', 'by hand', 'skipped', 'missed')),
  constraint recurring_runs_job check ((job_id is not null) = (kind in ('fired', 'by hand')))
);
-- what a job that expires was the run of
create index recurring_runs_job on firelock.recurring_runs (job_id) where job_id is not null;
