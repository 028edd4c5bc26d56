import { setTimeout as sleep } from 'node:timers/promises';
import { say } from './log.js';

export interface Repetition {
  /** Resolves when the step that is under way has ended. */
  readonly stop: () => Promise<void>;
}

/** Pauses and does the step, again and again. One that fails is told of and does not end it. */
export function repeat(pauseMs: () => number, step: () => Promise<void>): Repetition {
  const stopping = new AbortController();
  const { signal } = stopping;
  const pause = () => sleep(pauseMs(), undefined, { signal }).catch(() => undefined);
  const running = (async () => {
    for (await pause(); !signal.aborted; await pause()) {
      await step().catch((error: unknown) => say(String(error)));
    }
  })();
  const stop = () => {
    stopping.abort();
    return running;
  };
  return { stop };
}
