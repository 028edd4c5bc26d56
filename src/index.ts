/** The public API, in the order in which a reader meets it. */

export type { ActOptions } from './client/acts.js';
export type { Attribution } from './client/attribution.js';
export type { JobChanges } from './client/job-changes.js';
export type {
  PauseOptions,
  RecurringActOptions,
  RecurringOptions,
  RecurringOverride,
  TriggerOptions,
} from './client/recurring-options.js';
export type { RunAgainOptions } from './client/reruns.js';
export type { Authorization, Authorize, DashboardOptions } from './dashboard/options.js';
export * from './errors.js';
export type { Firelock } from './firelock.js';
export { createFirelock } from './firelock.js';
export type {
  JobArgs,
  JobClient,
  JobContext,
  Logger,
  RunningJob,
  TransactionalJobContext,
} from './job/context.js';
export type { JobLogger, LogMethod } from './job/job-logger.js';
export type { JobContract } from './job/contract.js';
export type {
  AnyJobDefinition,
  Handler,
  JobDefinition,
  JobOptions,
  UnhandledJob,
} from './job/definition.js';
export { defineJob } from './job/definition.js';
export type { Duration } from './duration.js';
export type { EnqueueOptions } from './job/enqueue-options.js';
export type { ErrorRecord } from './job/error-record.js';
export type { Events } from './job/events.js';
export type { Ending, HistoryEntry, Job, JobWithHistory } from './job/job.js';
export type { Priority } from './job/priority.js';
export type { RetryOptions } from './job/retry-policy.js';
export type { State } from './job/state.js';
export type {
  JobTransaction,
  KyselyTransaction,
  PgTransaction,
  QueryResult,
  Transaction,
} from './job/transaction.js';
export type { FirelockOptions, ServerOptions, StopOptions } from './options.js';
export { at } from './schedule/at.js';
export type { CalendarRules } from './schedule/calendar.js';
export { cron, type YearlyMoment } from './schedule/cron.js';
export { every, type EveryOptions } from './schedule/every.js';
export type { MisfirePolicy } from './schedule/misfire.js';
export { nextOccurrences, type NextOccurrencesOptions } from './schedule/next-occurrences.js';
export type { OverlapPolicy } from './schedule/overlap.js';
export type { Weekday } from './schedule/weekday.js';
export type { Server } from './server/server.js';
export type {
  RecurringJob,
  RecurringJobDefinition,
  RecurringJobOverride,
  RecurringJobPause,
} from './storage/recurring-jobs.js';
export type { RecurringRun } from './storage/recurring-runs.js';
