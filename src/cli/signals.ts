import { constants } from 'node:os';

/** One Ctrl-C may arrive twice: from the terminal, and passed on by npm or tsx. */
const ECHO_MS = 1000;

/**
 * Resolves at the first SIGINT or SIGTERM, so that the command can stop in order. A second one ends the process at once,
 * after `onHurry`, with the exit code that shells know for it: 130 or 143. Call it before anything is started.
 */
export function firstSignal(onHurry: (signal: NodeJS.Signals) => void = ignore): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let first: { readonly signal: NodeJS.Signals; readonly atMs: number } | undefined;
    const hear = (signal: NodeJS.Signals) => {
      const nowMs = performance.now();
      if (first === undefined) {
        first = { signal, atMs: nowMs };
        return resolve(signal);
      }
      if (first.signal === signal && nowMs - first.atMs < ECHO_MS) return undefined;
      onHurry(signal);
      return process.exit(128 + constants.signals[signal]);
    };
    process.on('SIGINT', hear).on('SIGTERM', hear);
  });
}

function ignore(): void {}
