import type { Engine } from '../engine/engine.js';
import { ServerLostError } from '../errors.js';
import type { Logger } from '../job/context.js';
import { errorRecord } from '../job/error-record.js';
import { type RecoveredJob, recoverLostJobs } from '../storage/recover-lost-jobs.js';
import { Loop } from './loop.js';

const EVERY_MS = 5000;
const SILENCE_MS = 20_000;
/** A job whose servers were lost this often may be what kills them. */
const RECOVERY_LIMIT = 3;

/** Looks for servers that have fallen silent and puts their jobs back into their queues. */
export function recoveryLoop(engine: Engine, logger: Logger): Loop {
  const error = errorRecord(
    new ServerLostError(
      'The server that ran this attempt stopped sending heartbeats, or left without giving it back.',
    ),
  );
  const rules = { silenceMs: SILENCE_MS, recoveryLimit: RECOVERY_LIMIT, error };
  const step = async () => {
    await engine.place(async (executor) => {
      const recovered = await recoverLostJobs(executor, rules);
      for (const job of recovered) logger.warn({ job }, 'recovered a job of a lost server');
      return recovered.filter(({ state }) => state === 'enqueued').map(placed);
    });
    return EVERY_MS;
  };
  return new Loop({ name: 'recovery', logger, step });
}

function placed({ id, queue }: RecoveredJob) {
  return { id, queue, dueMs: null };
}
