import { z } from 'zod';
import { checkJobId } from '../job/job-id.js';
import { checkOptions, nameSchema, prioritySchema } from '../job/option-schema.js';
import { type Priority, priorityOfRank, priorityRank } from '../job/priority.js';
import type { State } from '../job/state.js';
import { type RecordedAct, recordAct } from '../storage/audit-log.js';
import { type ChangedJob, changeJobs } from '../storage/change-jobs.js';
import type { Acting } from './acting.js';
import { type ActCall, actOptionsSchema } from './acts.js';
import { jobRecord } from './job-record.js';

/** What is to be different about a waiting job. What is not named stays as it is. */
export interface JobChanges {
  readonly queue?: string | undefined;
  readonly priority?: Priority | undefined;
}

const changesSchema = z
  .strictObject({ queue: nameSchema.optional(), priority: prioritySchema.optional() })
  .refine(({ queue, priority }) => queue !== undefined || priority !== undefined, {
    message: 'expected queue, priority, or both',
  });

/** One that runs is claimed by what it was; one that has ended waits for nothing. */
const CHANGEABLE: readonly State[] = ['awaiting', 'scheduled', 'enqueued', 'failed'];

/** What people and programs change about waiting jobs, without moving them to another state. */
export class JobChanger {
  readonly #acting: Acting;

  constructor(acting: Acting) {
    this.#acting = acting;
  }

  /** Answers the ids of those of the jobs that were waiting, and are now as they were to be. */
  async change(
    ids: readonly string[],
    changes: JobChanges,
    { options, isPart = false }: Omit<ActCall, 'plan'>,
  ): Promise<readonly string[]> {
    const { queue, priority } = checkOptions('change', changesSchema, changes);
    const { from, tx, by, reason } = checkOptions('change', actOptionsSchema, options);
    const facts = {
      ids: ids.map(checkJobId),
      from: CHANGEABLE.filter((state) => from === undefined || from.includes(state)),
      change: { queue, priority: priority && priorityRank(priority) },
    };
    const isRecorded = by !== undefined && !isPart;
    return this.#acting.perform({ tx, inParts: isRecorded }, async (executor) => {
      const known = await changeJobs(executor, facts);
      const changed = known.filter(isDifferent);
      if (isRecorded && changed.length > 0)
        await recordAct(executor, { by, reason, ...recordOf(changed, { queue, priority }) });
      return { result: known.map(({ id }) => id), placed: changed.flatMap(readyJob) };
    });
  }

  /** The same for one job; answers whether it applied. */
  async changeOne(id: string, changes: JobChanges, call: Omit<ActCall, 'plan'>): Promise<boolean> {
    return (await this.change([id], changes, call)).length === 1;
  }
}

function isDifferent(job: ChangedJob): boolean {
  return job.queue !== job.queueBefore || job.priority !== job.priorityBefore;
}

/** Servers that take from its new queue must hear of a job that they may claim; of the others when they are enqueued. */
function readyJob({ id, queue, state }: ChangedJob) {
  return state === 'enqueued' ? [{ id, queue, dueMs: null }] : [];
}

/** Only what was to be different is told. */
function recordOf(changed: readonly ChangedJob[], after: JobChanges): Omit<RecordedAct, 'by' | 'reason'> {
  const before = changed.map(({ id, queueBefore, priorityBefore }) => {
    const queue = after.queue && queueBefore;
    const priority = after.priority && priorityOfRank(priorityBefore);
    return [id, { queue, priority }] as const;
  });
  return { act: 'change', ...jobRecord(before), after };
}
