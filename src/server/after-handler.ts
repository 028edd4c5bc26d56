import { CommitUnknownError, DoNotRetry, RetryAfter } from '../errors.js';
import { milliseconds } from '../duration.js';
import { errorRecord } from '../job/error-record.js';
import { hangfireDelayMs, listedDelayMs } from '../job/retry-policy.js';
import { serialiseResult } from '../job/serialisation.js';
import { disarm, isInstance } from '../job/thrown.js';
import { dead, failed, released, type Settlement, snoozed, succeeded } from '../job/transition.js';
import type { Run } from './run.js';

/** What follows when the handler has returned. */
export function afterReturn(run: Run, value: unknown): Settlement {
  const { snoozeMs, isTimedOut, abortReason } = run.attempt;
  if (snoozeMs !== undefined) return snoozed({ delayMs: snoozeMs });
  if (isTimedOut) return afterFailure(run, abortReason);
  return succeeded({ result: serialiseResult(value) });
}

/** What follows when the handler, or something on the way to it, has thrown. Never throws itself, whatever it was. */
export function afterThrow(run: Run, thrown: unknown): Settlement {
  const { attempt } = run;
  disarm(thrown);
  // If Postgres has kept it after all, the job has succeeded, and what is written here changes nothing.
  if (isInstance(thrown, CommitUnknownError)) return afterFailure(run, thrown);
  if (attempt.snoozeMs !== undefined && attempt.isSnooze(thrown))
    return snoozed({ delayMs: attempt.snoozeMs });
  if (attempt.isTimedOut) return afterFailure(run, attempt.abortReason);
  // Told to stop for a reason that is none of its own: what it throws then is not held against it.
  if (attempt.abortReason !== undefined) return released();
  return afterFailure(run, thrown);
}

/** What follows when the handler has not ended although it was told to, a while ago. */
export function afterSilence(run: Run): Settlement {
  return run.attempt.isTimedOut ? afterFailure(run, run.attempt.abortReason) : released();
}

function afterFailure(run: Run, error: unknown): Settlement {
  const { attempt, claimed } = run;
  // Its end was told when it was given up.
  if (attempt.isGivenUp) return released();
  const record = errorRecord(error);
  if (isInstance(error, DoNotRetry)) {
    attempt.logger.error({ error: record }, 'the handler said not to retry: the job is a dead letter');
    return dead({ error: record });
  }
  if (claimed.attempt >= claimed.attemptLimit) {
    attempt.logger.error({ error: record }, 'the job failed and has no attempts left: it is a dead letter');
    return dead({ error: record });
  }
  const delayMs = delayAfter(run, error);
  attempt.logger.warn({ error: record, delayMs }, 'the attempt failed and will be repeated');
  return failed({ error: record, delayMs });
}

function delayAfter({ definition, attempt, claimed }: Run, error: unknown): number {
  // Attempts that were given back are not failures: they move no job along its delays.
  const { uncounted = 0, retryDelaysMs } = claimed.extras ?? {};
  const failure = { attempt: claimed.attempt - uncounted, error, random: Math.random() };
  try {
    // Read again: a class of the application may have extended it.
    if (isInstance(error, RetryAfter)) return milliseconds(error.delayMs);
    if (retryDelaysMs !== undefined) return listedDelayMs(retryDelaysMs, failure.attempt);
    return definition.retry.delayMs(failure);
  } catch (failureOfDelays) {
    attempt.logger.error(
      { error: errorRecord(failureOfDelays) },
      "the job's own 'delays' function failed: the default delay is used",
    );
    return hangfireDelayMs(failure);
  }
}
