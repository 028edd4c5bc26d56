import { defineJob } from '../../src/job/definition.js';
import type { State } from '../../src/job/state.js';
import type { Firelock } from '../../src/firelock.js';
import { jobInState, startServer } from '../firelock.js';

export const working = defineJob({ name: 'working', handler: () => ({ sent: true }) });
export const failing = defineJob({
  name: 'failing',
  retry: { attempts: 3, delays: ['1h'] },
  handler: () => Promise.reject(new Error('the mail server is down')),
});
export const doomed = defineJob({
  name: 'doomed',
  retry: { attempts: 1 },
  handler: () => Promise.reject(new Error('no such account')),
});
export const endless = defineJob({
  name: 'endless',
  handler: (_args, { signal }) => new Promise((resolve) => signal.addEventListener('abort', resolve)),
});
/** Of a queue that no server takes from. */
export const idle = defineJob({ name: 'idle', queue: 'nobody' });

export type ReachedState = Exclude<State, 'awaiting'>;

/** A server of all jobs above, and a job in each state that it has brought there by itself. */
export async function jobInEachState(firelock: Firelock): Promise<Readonly<Record<ReachedState, string>>> {
  await startServer(firelock, { jobs: [working, failing, doomed, endless], name: 'worker-1' });
  const reach = async (state: State, id: string) => (await jobInState(firelock, id, state)).id;
  const deleted = await firelock.enqueue(idle);
  await firelock.delete(deleted);
  return {
    scheduled: await firelock.schedule(idle, undefined, '1h'),
    enqueued: await firelock.enqueue(idle),
    processing: await reach('processing', await firelock.enqueue(endless)),
    failed: await reach('failed', await firelock.enqueue(failing)),
    succeeded: await reach('succeeded', await firelock.enqueue(working)),
    dead: await reach('dead', await firelock.enqueue(doomed)),
    deleted,
  };
}

/** Whether somebody moved the job to the state through the dashboard. */
export async function wasMoved(firelock: Firelock, id: string, to: State): Promise<boolean> {
  const job = await firelock.getJob(id);
  return job?.history.some(({ state, by }) => state === to && by === 'dashboard') ?? false;
}
