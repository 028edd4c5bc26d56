import { setTimeout as sleep } from 'node:timers/promises';
import { type Notification, notify } from './notification.js';
import type { Executor } from './statement.js';

/**
 * Sends notifications outside transactions, at most one statement per window. NOTIFY takes a database-wide lock when its
 * transaction commits: 16 connections inserting single jobs fell from 25,000 to 7,600 a second when each insert notified.
 * The first notification leaves at once, so that an idle server hears of a lone job immediately; those of the next
 * milliseconds leave together. A lost one costs no more than a poll.
 */
export class Notifier {
  readonly #executor: Executor;
  readonly #channel: string;
  readonly #onError: (error: unknown) => void;
  readonly #pending = new Map<string, Notification>();
  #sending: Promise<void> | undefined;

  constructor(executor: Executor, channel: string, onError: (error: unknown) => void) {
    this.#executor = executor;
    this.#channel = channel;
    this.#onError = onError;
  }

  /** Never throws and never waits: a failure is reported, and polling stands behind it. */
  notify(notification: Notification): void {
    const key = notification.kind === 'ready' ? `ready ${notification.queue}` : notification.kind;
    this.#pending.set(key, merged(this.#pending.get(key), notification));
    this.#sending ??= this.#send().finally(() => (this.#sending = undefined));
  }

  /** Resolves when everything that was to be sent has been, or has failed. */
  async flush(): Promise<void> {
    await this.#sending;
  }

  async #send(): Promise<void> {
    while (this.#pending.size > 0) {
      const notifications = [...this.#pending.values()];
      this.#pending.clear();
      await notify(this.#executor, this.#channel, notifications).catch(this.#onError);
      await sleep(WINDOW_MS);
    }
  }
}

const WINDOW_MS = 5;

/** One notification that says what two of a kind say; of scheduled jobs only the earliest can change when a promoter wakes. */
function merged(known: Notification | undefined, next: Notification): Notification {
  if (known?.kind === 'scheduled' && next.kind === 'scheduled')
    return known.dueMs < next.dueMs ? known : next;
  if (known?.kind === 'cancelled' && next.kind === 'cancelled')
    return { kind: 'cancelled', attempts: [...known.attempts, ...next.attempts] };
  return next;
}
