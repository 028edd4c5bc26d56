import type { ColumnType, Generated } from 'kysely';
import type { ErrorRecord } from '../job/error-record.js';
import type { AuditSubject } from '../job/audit.js';
import type { Ending } from '../job/job.js';
import type { State } from '../job/state.js';
import type { CalendarRules } from '../schedule/calendar.js';
import type { MisfirePolicy } from '../schedule/misfire.js';
import type { OverlapPolicy } from '../schedule/overlap.js';

/** The rows as kysely sees them: snake case in Postgres, camel case here. */
export interface Tables {
  readonly jobs: JobTable;
  readonly jobTags: JobTagTable;
  readonly transitions: TransitionTable;
  readonly servers: ServerTable;
  readonly recurringJobs: RecurringJobTable;
  readonly recurringRuns: RecurringRunTable;
  readonly calendars: CalendarTable;
  readonly queuePauses: QueuePauseTable;
  readonly jobLogs: JobLogTable;
  readonly progressBars: ProgressBarTable;
  readonly statistics: StatisticsTable;
  readonly auditLog: AuditLogTable;
  readonly bulkActs: BulkActTable;
}

/** Postgres' bigint: a string, unless the application has set another parser on its pool. */
type Bigint = string | number | bigint;
type Id = ColumnType<Bigint, string | undefined, string>;
type Instant = Date | null;
/** Written as JSON text, read as the value. */
type Json<Value = unknown> = ColumnType<Value, string, string>;

interface JobTable {
  readonly id: Id;
  readonly name: string;
  readonly queue: string;
  readonly state: State;
  readonly priority: number;
  readonly attempt: number;
  readonly attemptLimit: number;
  readonly uncounted: Generated<number>;
  readonly recoveries: number;
  readonly runsApart: Generated<boolean>;
  readonly timeoutMs: number | null;
  readonly runAt: Instant;
  readonly createdAt: Generated<Date>;
  readonly scheduledFor: Instant;
  readonly startedAt: Instant;
  readonly finishedAt: Instant;
  readonly serverId: ColumnType<Bigint | null, string | null>;
  readonly recurringJobId: string | null;
  readonly occurrence: Instant;
  readonly originId: ColumnType<Bigint | null, string | null>;
  readonly modelId: ColumnType<Bigint | null, string | null>;
  readonly tags: readonly string[] | null;
  readonly retryDelaysMs: Json<readonly number[] | null>;
  readonly args: Json;
  readonly result: Json;
  readonly lastError: string | null;
}

interface JobTagTable {
  readonly tag: string;
  readonly jobId: ColumnType<Bigint, string>;
}

interface TransitionTable {
  readonly id: Id;
  readonly jobId: ColumnType<Bigint, string>;
  readonly at: Generated<Date>;
  readonly fromState: State;
  readonly toState: State;
  readonly attempt: number;
  readonly serverId: ColumnType<Bigint | null, string | null>;
  readonly startedAt: Instant;
  readonly runAt: Instant;
  readonly error: Json<ErrorRecord | null>;
  readonly actedBy: string | null;
  readonly reason: string | null;
  readonly endedAt: Instant;
  readonly ending: Ending | null;
}

interface ServerTable {
  readonly id: Id;
  readonly name: string;
  readonly state: Generated<'running' | 'stopped' | 'lost'>;
  readonly queues: Json<Readonly<Record<string, number>>>;
  readonly jobNames: Json<readonly string[]>;
  readonly startedAt: Generated<Date>;
  readonly heartbeatAt: Generated<Date>;
  readonly stoppedAt: Instant;
  readonly sessionSince: Instant;
  readonly missingSince: Instant;
  readonly version: string | null;
  readonly lagMs: number | null;
  readonly asked: 'quiet' | 'stop' | null;
  readonly askedAt: Instant;
  readonly askedBy: string | null;
}

interface RecurringJobTable {
  readonly id: string;
  readonly name: string;
  readonly args: Json;
  readonly queue: string;
  readonly priority: number;
  readonly attemptLimit: number;
  readonly schedule: string;
  readonly timeZone: string;
  readonly startAt: Instant;
  readonly endAt: Instant;
  readonly calendars: readonly string[];
  readonly jitterMs: number;
  readonly misfire: MisfirePolicy;
  readonly misfireGraceMs: number;
  readonly misfireLimit: number;
  readonly overlap: OverlapPolicy;
  readonly toleranceMs: number;
  readonly definedAt: Generated<Date>;
  readonly definedBy: string | null;
  readonly definerSince: Instant;
  readonly overrideSchedule: string | null;
  readonly overrideTimeZone: string | null;
  readonly overrideArgs: Json;
  readonly overrideQueue: string | null;
  readonly overriddenAt: Instant;
  readonly overriddenBy: string | null;
  readonly overrideReason: string | null;
  readonly pausedAt: Instant;
  readonly pausedUntil: Instant;
  readonly pausedBy: string | null;
  readonly pauseReason: string | null;
  readonly nextRunAt: Instant;
  readonly pending: Instant;
  readonly error: Json<ErrorRecord | null>;
  readonly failedAt: Instant;
  readonly runs: ColumnType<Bigint, string>;
  readonly createdAt: Generated<Date>;
  readonly updatedAt: Generated<Date>;
}

interface RecurringRunTable {
  readonly recurringJobId: string;
  readonly number: ColumnType<Bigint, string>;
  readonly at: Generated<Date>;
  readonly kind: 'fired' | 'by hand' | 'skipped' | 'missed';
  readonly occurrence: Instant;
  readonly until: Instant;
  readonly missed: number | null;
  readonly jobId: ColumnType<Bigint | null, string | null>;
  readonly jobState: State | null;
  readonly startedAt: Instant;
  readonly endedAt: Instant;
  readonly actedBy: string | null;
  readonly reason: string | null;
}

interface CalendarTable {
  readonly name: string;
  readonly rules: Json<CalendarRules>;
  readonly updatedAt: Generated<Date>;
}

interface QueuePauseTable {
  readonly queue: string;
  readonly pausedAt: Generated<Date>;
  readonly pausedBy: string | null;
  readonly reason: string | null;
}

interface JobLogTable {
  readonly jobId: ColumnType<Bigint, string>;
  readonly attempt: number;
  readonly number: number;
  readonly at: Date;
  readonly lines: string;
}

interface ProgressBarTable {
  readonly jobId: ColumnType<Bigint, string>;
  readonly attempt: number;
  readonly name: string;
  readonly percent: number;
  readonly at: Generated<Date>;
}

interface StatisticsTable {
  readonly span: '10s' | 'minute' | 'hour' | 'day';
  readonly at: Date;
  readonly queue: string;
  readonly name: string;
  readonly succeeded: ColumnType<Bigint, string>;
  readonly failed: ColumnType<Bigint, string>;
  readonly dead: ColumnType<Bigint, string>;
  readonly waits: readonly Bigint[];
  readonly runs: readonly Bigint[];
}

interface AuditLogTable {
  readonly id: Id;
  readonly at: Generated<Date>;
  readonly actedBy: string;
  readonly act: string;
  readonly subject: AuditSubject;
  readonly target: string;
  readonly reason: string | null;
  readonly before: Json;
  readonly after: Json;
}

interface BulkActTable {
  readonly id: Id;
  readonly act: string;
  readonly state: State;
  readonly query: string;
  readonly change: Json;
  readonly actedBy: string;
  readonly reason: string | null;
  readonly createdAt: Generated<Date>;
  readonly beatAt: Generated<Date>;
  readonly place: string | null;
  readonly seen: ColumnType<Bigint, string>;
  readonly applied: ColumnType<Bigint, string>;
  readonly endedAt: Instant;
  readonly ending: 'finished' | 'stopped' | 'failed' | null;
  readonly error: string | null;
}
