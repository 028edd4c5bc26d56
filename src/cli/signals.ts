import { constants } from 'node:os';

/** One Ctrl-C may arrive twice: from the terminal, and passed on by npm or tsx. */
const ECHO_MS = 1000;

export interface StopSignals {
  /** Stop in order: what is under way may end. */
  readonly first: Promise<NodeJS.Signals>;
  /** Hurry: break off what is under way, and still leave in order. */
  readonly second: Promise<NodeJS.Signals>;
}

/**
 * Hears SIGINT and SIGTERM from now on: call it before anything is started. The third one ends the process at once, after
 * `onThird`, with the exit code that shells know for it: 130 or 143.
 */
export function stopSignals(onThird: (signal: NodeJS.Signals) => void = ignore): StopSignals {
  const steps: ((signal: NodeJS.Signals) => void)[] = [];
  const step = () => new Promise<NodeJS.Signals>((resolve) => steps.push(resolve));
  const signals = { first: step(), second: step() };
  let last: { readonly signal: NodeJS.Signals; readonly atMs: number } | undefined;
  const hear = (signal: NodeJS.Signals) => {
    const atMs = performance.now();
    if (last?.signal === signal && atMs - last.atMs < ECHO_MS) return;
    last = { signal, atMs };
    const next = steps.shift();
    if (next !== undefined) return next(signal);
    onThird(signal);
    process.exit(128 + constants.signals[signal]);
  };
  process.on('SIGINT', hear).on('SIGTERM', hear);
  return signals;
}

function ignore(): void {}
