import type { Executor, Statement } from './statement.js';

/** Which running servers might take a job. */
export interface Takers {
  /** Those that take jobs from its queue. */
  readonly ofQueue: number;
  /** Those of them that have a handler for it. */
  readonly withHandler: number;
  /** Those of them that have not been asked to take no more jobs. */
  readonly willing: number;
}

export async function takersOf(
  executor: Executor,
  { queue, name }: { readonly queue: string; readonly name: string },
): Promise<Takers> {
  const [takers] = await executor.run<Takers>(statement, [queue, name]);
  return takers ?? { ofQueue: 0, withHandler: 0, willing: 0 };
}

const statement: Statement = {
  name: 'takers-of-job',
  text: `
    select
      count(*)::integer as "ofQueue",
      (count(*) filter (where job_names ? $2))::integer as "withHandler",
      (count(*) filter (where job_names ? $2 and asked is null))::integer as willing
    from firelock.servers
    where state = 'running' and queues ? $1`,
};
