-- One row per job. Everything that claims, settles or lists reads this table; see docs/states.md for the states. `origin_id` is
-- the job whose handler enqueued it; `model_id` the one that a person ran again as this one. `last_error` is the beginning of
-- what the latest attempt failed with.
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
  origin_id bigint,
  model_id bigint,
  tags text[],
  retry_delays_ms jsonb,
  args jsonb not null,
  result jsonb,
  last_error text,
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
-- the jobs of a recurring job, for lists, those run by hand included
create index jobs_recurring on firelock.jobs (recurring_job_id, id) where recurring_job_id is not null;
-- the jobs that a handler has enqueued
create index jobs_origin on firelock.jobs (origin_id, id) where origin_id is not null;

-- The jobs of a tag, for lists; written once, so that a tagged job's changes of state cost no more than any other's.
create table firelock.job_tags (
  tag text not null,
  job_id bigint not null,
  primary key (tag, job_id)
);

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
-- server first saw that lock free. `lag_ms` is the longest that its event loop was late between the latest two heartbeats; `asked`
-- is what a person has asked of it: to claim nothing more, or to stop.
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
  version text not null,
  lag_ms integer,
  asked text,
  asked_at timestamptz,
  asked_by text,
  constraint servers_state check (state in ('running', 'stopped', 'lost')),
  constraint servers_stopped check ((state = 'running') = (stopped_at is null)),
  constraint servers_asked check (asked in ('quiet', 'stop') and (asked is null) = (asked_at is null))
);
create index servers_running on firelock.servers (heartbeat_at) where state = 'running';

-- One row: since when, without a gap, some server has been able to look after the others. Silence counts from then on.
create table firelock.watch (
  only_one boolean primary key default true check (only_one),
  since timestamptz not null default now(),
  looked_at timestamptz not null default now()
);
insert into firelock.watch default values;

-- The queues that are paused: a queue without a row is not.
create table firelock.queue_pauses (
  queue text primary key,
  paused_at timestamptz not null default now(),
  paused_by text,
  reason text
);

-- What handlers tell while they run: their lines, several a row, and how far they are. `number` and `at` are those of the row's
-- first line; `lines` is JSON, but text: Postgres would check each of them. A line is
-- [milliseconds since `at`, level, message, facts], as in job/log-line.ts.
create table firelock.job_logs (
  job_id bigint not null,
  attempt integer not null,
  number integer not null,
  at timestamptz not null,
  lines text not null,
  primary key (job_id, attempt, number)
);
create table firelock.progress_bars (
  job_id bigint not null,
  attempt integer not null,
  name text not null,
  percent real not null,
  at timestamptz not null default now(),
  primary key (job_id, attempt, name)
);

-- How many attempts ended how, by queue and name, in spans of time; `waits` and `runs` are histograms of how long the jobs waited
-- and ran, with the bounds of job/histogram.ts.
create table firelock.statistics (
  span text not null,
  at timestamptz not null,
  queue text not null,
  name text not null,
  succeeded bigint not null,
  failed bigint not null,
  dead bigint not null,
  waits bigint[] not null,
  runs bigint[] not null,
  primary key (span, at, queue, name),
  constraint statistics_span check (span in ('10s', 'minute', 'hour', 'day'))
) with (
  -- every server adds to the same rows every few seconds: room on the page keeps the new versions there, and out of the index
  fillfactor = 70
);

-- What people have done, through the dashboard, its API, or code that names who acts.
create table firelock.audit_log (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  acted_by text not null,
  act text not null,
  subject text not null,
  target text not null,
  reason text,
  before jsonb,
  after jsonb,
  constraint audit_log_subject check (subject in ('job', 'jobs', 'queue', 'recurring job', 'calendar', 'server'))
);
create index audit_log_target on firelock.audit_log (subject, target, id);

-- Acts on all jobs that match a query, carried out in batches. `place` is where the next batch begins; `beat_at` tells whether
-- some process is at it.
create table firelock.bulk_acts (
  id bigint generated always as identity primary key,
  act text not null,
  state text not null,
  query text not null,
  change jsonb,
  acted_by text not null,
  reason text,
  created_at timestamptz not null default now(),
  beat_at timestamptz not null default now(),
  expected bigint,
  place text,
  seen bigint not null default 0,
  applied bigint not null default 0,
  ended_at timestamptz,
  ending text,
  error text,
  constraint bulk_acts_ending check (
    (ended_at is null) = (ending is null) and ending in ('finished', 'stopped', 'failed')
  )
);

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
