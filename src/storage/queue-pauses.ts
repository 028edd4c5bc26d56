import { instant } from './normalised.js';
import type { Executor, Statement } from './statement.js';

/** Since when a queue is paused, who said so last, and why. */
export interface QueuePause {
  readonly at: Date;
  readonly by: string | undefined;
  readonly reason: string | undefined;
}

/**
 * Keeps others from pausing and resuming until the transaction ends, so that each sees what the one before has left. Claims
 * only read the pauses and do not wait.
 */
export async function lockQueuePauses(tx: Executor): Promise<void> {
  await tx.run(lockStatement);
}

const lockStatement: Statement = {
  name: 'lock-queue-pauses',
  text: `lock table firelock.queue_pauses in share row exclusive mode`,
};

/** Undefined if the queue is not paused. */
export async function findQueuePause(executor: Executor, queue: string): Promise<QueuePause | undefined> {
  const [row] = await executor.run<PauseRow>(findStatement, [queue]);
  return row && pauseOf(row);
}

interface PauseRow {
  readonly at: Date | null;
  readonly by: string | null;
  readonly reason: string | null;
}

/** The pause in the columns of a row; undefined if they are empty. */
export function pauseOf({ at, by, reason }: PauseRow): QueuePause | undefined {
  return at === null ? undefined : { at: instant(at), by: by ?? undefined, reason: reason ?? undefined };
}

const findStatement: Statement = {
  name: 'find-queue-pause',
  text: `
    select paused_at as at, paused_by as by, reason
    from firelock.queue_pauses
    where queue = $1`,
};

/** Pauses a queue; of one that is paused, says anew who and why. */
export async function writeQueuePause(
  executor: Executor,
  queue: string,
  said: { readonly by?: string | undefined; readonly reason?: string | undefined },
): Promise<void> {
  await executor.run(writeStatement, [queue, said.by ?? null, said.reason ?? null]);
}

const writeStatement: Statement = {
  name: 'pause-queue',
  text: `
    insert into firelock.queue_pauses (queue, paused_by, reason) values ($1, $2, $3)
    on conflict (queue) do update set paused_by = excluded.paused_by, reason = excluded.reason`,
};

export async function deleteQueuePause(executor: Executor, queue: string): Promise<void> {
  await executor.run(deleteStatement, [queue]);
}

const deleteStatement: Statement = {
  name: 'resume-queue',
  text: `delete from firelock.queue_pauses where queue = $1`,
};
