import type { ColumnType, Generated } from 'kysely';
import type { ErrorRecord } from '../job/error-record.js';
import type { Ending } from '../job/job.js';
import type { State } from '../job/state.js';

/** The rows as kysely sees them: snake case in Postgres, camel case here. */
export interface Tables {
  readonly jobs: JobTable;
  readonly transitions: TransitionTable;
  readonly servers: ServerTable;
  readonly recurringJobs: RecurringJobTable;
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
  readonly retryDelaysMs: Json<readonly number[] | null>;
  readonly args: Json;
  readonly result: Json;
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
  readonly nextRunAt: Instant;
  readonly lastRunAt: Instant;
  readonly lastJobId: ColumnType<Bigint | null, string | null>;
  readonly createdAt: Generated<Date>;
  readonly updatedAt: Generated<Date>;
}
