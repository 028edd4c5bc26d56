type Stop = () => Promise<void>;
/** Called with how a part stops and, if it can, how it hurries then. */
type OnStop = (stop: Stop, hurry?: Stop) => void;

/** One Ctrl-C may arrive twice, from the terminal and from the npm that it also reached. */
const SAME_KEYPRESS_MS = 1000;

/**
 * Starts the parts of a program, waits for SIGINT or SIGTERM, then stops them in the reverse order: nobody is left with
 * work that needs a part which is gone. Parts that were started are stopped also when a later one fails to start. A second
 * signal hurries them, a third ends the process at once.
 */
export async function runUntilStopped(start: (onStop: OnStop) => Promise<void>): Promise<void> {
  const stops: Stop[] = [];
  const hurries: Stop[] = [];
  const { first, second } = stopSignals(); // before anything is started, so that a signal during the start counts
  void hurryAfter(second, hurries);
  try {
    await start((stop, hurry) => {
      stops.unshift(stop);
      if (hurry !== undefined) hurries.push(hurry);
    });
    await first;
    console.log('\n  Stopping: running jobs may finish. Ctrl-C again aborts them.');
  } finally {
    for (const stop of stops) await stop().catch(report);
  }
  // A library's forgotten timer must not keep a stopped program alive.
  process.exit();
}

async function hurryAfter(signal: Promise<void>, hurries: readonly Stop[]): Promise<void> {
  await signal;
  console.log('  Hurrying: running jobs are aborted and given back. Ctrl-C again ends at once.');
  await Promise.all(hurries.map((hurry) => hurry().catch(report)));
}

function stopSignals(): { readonly first: Promise<void>; readonly second: Promise<void> } {
  const steps: (() => void)[] = [];
  const step = () => new Promise<void>((resolve) => steps.push(resolve));
  const signals = { first: step(), second: step() };
  let last = Number.NEGATIVE_INFINITY;
  const hear = (_signal: NodeJS.Signals, number: number) => {
    if (performance.now() - last < SAME_KEYPRESS_MS) return;
    last = performance.now();
    const next = steps.shift();
    if (next === undefined) process.exit(128 + number);
    next();
  };
  process.on('SIGINT', hear).on('SIGTERM', hear);
  return signals;
}

function report(error: unknown): void {
  process.exitCode = 1;
  console.error('a part of the shop did not stop cleanly:', error);
}
