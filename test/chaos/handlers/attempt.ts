import type pg from 'pg';
import type { JobContext } from '../../../src/job/context.js';
import { recordStart } from '../tables.js';

/** What the handlers of a server process stand on. */
export interface Surroundings {
  /** Connections of the process' own, beside Firelock's. */
  readonly pool: pg.Pool;
  /** The name of the process' life. */
  readonly server: string;
}

type Work<Args, Context> = (args: Args, ctx: Context) => Promise<unknown>;

/** Every attempt leaves a trace before anything else, and its result says which one it was, unless the work has another. */
export function attemptsOf({ pool, server }: Surroundings) {
  return <Args, Context extends JobContext>(work: Work<Args, Context>) =>
    async (args: Args, ctx: Context) => {
      await recordStart(pool, ctx.job, server);
      return (await work(args, ctx)) ?? { attempt: ctx.job.attempt };
    };
}
