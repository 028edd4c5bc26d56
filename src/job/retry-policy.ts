import { type Duration, milliseconds } from '../duration.js';
import { disarm } from './thrown.js';

/** When, and how often, a failed job is tried again. */
export interface RetryOptions {
  /** How many attempts in all, the first included. Default 10. */
  readonly attempts?: number | undefined;
  /**
   * The pause after each failed attempt; the last one repeats. Or a function of the number of the attempt that failed
   * (1 for the first, without those that were given back) and of its error. Default: Hangfire's curve, from about 30 s after the first attempt to about two
   * hours after the ninth.
   */
  readonly delays?: readonly Duration[] | ((attempt: number, error: unknown) => Duration) | undefined;
}

export interface RetryPolicy {
  readonly attempts: number;
  delayMs(failure: Failure): number;
}

export interface Failure {
  readonly attempt: number;
  readonly error: unknown;
  /** A random number in [0, 1). */
  readonly random: number;
}

const DEFAULT_ATTEMPTS = 10;

export function retryPolicy(options: RetryOptions = {}): RetryPolicy {
  const { attempts = DEFAULT_ATTEMPTS, delays } = options;
  if (delays === undefined) return { attempts, delayMs: hangfireDelayMs };
  if (typeof delays === 'function') return { attempts, delayMs: computedDelayMs(delays) };
  const listed = delays.map(milliseconds);
  return { attempts, delayMs: ({ attempt }) => listedDelayMs(listed, attempt) };
}

function computedDelayMs(delays: (attempt: number, error: unknown) => Duration): RetryPolicy['delayMs'] {
  return ({ attempt, error }) => {
    const delay: unknown = delays(attempt, error);
    // Of an async function by mistake. It is refused as a duration.
    disarm(delay);
    return milliseconds(delay as Duration);
  };
}

/** The pause after attempt n of a list whose last entry repeats. */
export function listedDelayMs(delaysMs: readonly number[], attempt: number): number {
  return delaysMs[Math.min(attempt, delaysMs.length) - 1] ?? 0;
}

/**
 * Hangfire's default curve (AutomaticRetryAttribute.SecondsToDelay), itself Sidekiq's with another exponent term:
 * `(n - 1)^4 + 15 + rand(30) * n` seconds, where n is the number of the retry.
 */
export function hangfireDelayMs({ attempt, random }: Pick<Failure, 'attempt' | 'random'>): number {
  return 1000 * ((attempt - 1) ** 4 + 15 + Math.floor(random * 30) * attempt);
}
