type Stop = () => Promise<void>;

/** One Ctrl-C may arrive twice, from the terminal and from the npm that it also reached. */
const SAME_KEYPRESS_MS = 1000;

/**
 * Starts the parts of a program, waits for SIGINT or SIGTERM, then stops them in the reverse order: nobody is left with
 * work that needs a part which is gone. Parts that were started are stopped also when a later one fails to start.
 */
export async function runUntilStopped(start: (onStop: (stop: Stop) => void) => Promise<void>): Promise<void> {
  const stops: Stop[] = [];
  const stopSignal = firstStopSignal(); // before anything is started, so that a signal during the start counts
  try {
    await start((stop) => stops.unshift(stop));
    await stopSignal;
    console.log('\n  Stopping: running jobs may finish. Ctrl-C again stops at once.');
  } finally {
    for (const stop of stops) await stop().catch(report);
  }
  // A library's forgotten timer must not keep a stopped program alive.
  process.exit();
}

/** Resolves at the first signal; the next one ends the process at once. */
function firstStopSignal(): Promise<void> {
  return new Promise((resolve) => {
    let first: number | undefined;
    const hear = (_signal: NodeJS.Signals, number: number) => {
      first ??= performance.now();
      if (performance.now() - first > SAME_KEYPRESS_MS) process.exit(128 + number);
      resolve();
    };
    process.on('SIGINT', hear).on('SIGTERM', hear);
  });
}

function report(error: unknown): void {
  process.exitCode = 1;
  console.error('a part of the shop did not stop cleanly:', error);
}
