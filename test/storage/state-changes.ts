import type pg from 'pg';
import { expect } from 'vitest';
import type { State } from '../../src/job/state.js';
import * as transition from '../../src/job/transition.js';
import { applyAct } from '../../src/storage/apply-act.js';
import { expireJobs } from '../../src/storage/expire-jobs.js';
import type { PlacedJob } from '../../src/storage/placed-job.js';
import { promoteDueJobs } from '../../src/storage/promote-due-jobs.js';
import { releaseOrphans } from '../../src/storage/release-orphans.js';
import { markStopped } from '../../src/storage/servers.js';
import { settleAndClaim } from '../../src/storage/settle-and-claim.js';
import type { Executor } from '../../src/storage/statement.js';
import type { JobRow } from '../job-rows.js';
import { RECOVERY_LIMIT, recoverLost } from '../lost-servers.js';

/** A job that waits for a statement to touch it, and the running server that last had it. */
export interface Target {
  readonly executor: Executor;
  readonly client: pg.Client;
  readonly id: string;
  readonly serverId: string;
}

/** One way in which jobs.state is written, and all that is expected of it. */
export interface StateChange {
  readonly name: string;
  /** The file of `src/storage/` that holds the statement. */
  readonly file: string;
  readonly from: readonly State[];
  readonly to: State | 'removed';
  /** Runs the statement; answers whether it says that it changed the job. */
  apply(target: Target): Promise<boolean>;
  /** The columns that change with the state, and their new values. Every other one stays. */
  changes(before: JobRow): Readonly<Record<string, unknown>>;
  /** What is recorded of it in the history. */
  readonly recorded: readonly string[];
  /** How often the job's servers were lost before. */
  readonly recoveries?: number;
}

const error = { name: 'Error', message: 'no' };
const anInstant = expect.stringMatching(/^\d{4}-\d\d-\d\dT/);
const HOUR_MS = 3_600_000;

/** One attempt more may be made: this one did not count. */
const oneMoreAttempt = (before: JobRow) => ({ attempt_limit: before.attempt_limit + 1 });
const unfinished = { result: null, finished_at: null };

export const stateChanges: readonly StateChange[] = [
  settle('success', transition.succeeded({ result: '"done"' }), () => ({
    result: 'done',
    finished_at: anInstant,
  })),
  settle('failure', transition.failed({ error, delayMs: 1000 }), () => ({
    ...unfinished,
    run_at: anInstant,
  })),
  settle('last failure', transition.dead({ error }), () => ({ result: null, finished_at: anInstant })),
  settle('release', transition.released(), (before) => ({ ...unfinished, ...oneMoreAttempt(before) })),
  settle('snooze', transition.snoozed({ delayMs: 1000 }), (before) => ({
    ...unfinished,
    ...oneMoreAttempt(before),
    run_at: anInstant,
  })),
  {
    name: 'a claim',
    file: 'settle-and-claim.ts',
    from: ['enqueued'],
    to: 'processing',
    apply: async ({ executor, id, serverId }) => {
      const claim = { queue: 'default', names: ['job'], limit: 5 };
      return includes((await settleAndClaim(executor, serverId, { settled: [], claim })).claimed, id);
    },
    changes: (before) => ({ attempt: before.attempt + 1, started_at: anInstant }),
    recorded: [],
  },
  {
    name: 'a promotion',
    file: 'promote-due-jobs.ts',
    from: ['scheduled', 'failed'],
    to: 'enqueued',
    apply: async ({ executor, id }) => includes((await promoteDueJobs(executor, 100)).promoted, id),
    changes: () => ({}),
    recorded: [],
  },
  {
    name: 'a release of orphans',
    file: 'release-orphans.ts',
    from: ['processing'],
    to: 'enqueued',
    apply: async ({ executor, id, serverId }) =>
      includes(await releaseOrphans(executor, { serverId, queue: 'default', heldIds: [] }), id),
    changes: oneMoreAttempt,
    recorded: ['processing → enqueued, attempt 1'],
  },
  recovery('a recovery', { recoveries: 0, to: 'enqueued' }),
  recovery('the last recovery', { recoveries: RECOVERY_LIMIT - 1, to: 'dead' }),
  act('retry', transition.retry, oneAttemptLeft),
  act('requeue', transition.requeue, oneAttemptLeft),
  act('delete', transition.remove, () => ({ finished_at: anInstant })),
  act('reschedule', transition.reschedule, (before) => ({ ...oneAttemptLeft(before), run_at: anInstant })),
  expiry('succeeded'),
  expiry('dead'),
  expiry('deleted'),
];

function settle(
  name: string,
  settlement: transition.Settlement,
  changes: StateChange['changes'],
): StateChange {
  return {
    name: `the settlement of a ${name}`,
    file: 'settle-and-claim.ts',
    from: ['processing'],
    to: settlement.state,
    apply: async ({ executor, id, serverId }) => {
      const claim = { queue: 'none', names: [], limit: 0 };
      const settled = [{ id, attempt: 1, settlement }];
      return !(await settleAndClaim(executor, serverId, { settled, claim })).stale.includes(id);
    },
    changes,
    recorded: settlement.state === 'succeeded' ? [] : [`processing → ${settlement.state}, attempt 1`],
  };
}

function recovery(
  name: string,
  { recoveries, to }: { readonly recoveries: number; readonly to: 'enqueued' | 'dead' },
): StateChange {
  return {
    name,
    file: 'recover-lost-jobs.ts',
    from: ['processing'],
    to,
    apply: async ({ executor, id, serverId }) => {
      await markStopped(executor, serverId);
      return includes(await recoverLost(executor), id);
    },
    changes: (before) => ({
      ...oneMoreAttempt(before),
      recoveries: recoveries + 1,
      finished_at: to === 'dead' ? anInstant : null,
    }),
    recorded: [`processing → ${to}, attempt 1`],
    recoveries,
  };
}

function act(name: string, act: transition.Act, changes: StateChange['changes']): StateChange {
  return {
    name: `the act ${name}`,
    file: 'apply-act.ts',
    from: act.from,
    to: act.to,
    apply: async ({ executor, id }) => {
      const facts = { ids: [id], from: act.from, ...(act.kind === 'reschedule' ? { delayMs: HOUR_MS } : {}) };
      return includes(await applyAct(executor, act, facts), id);
    },
    changes,
    recorded: [`→ ${act.to}, attempt 1`],
  };
}

/** A person's act leaves at least one attempt. */
function oneAttemptLeft(before: JobRow) {
  return { ...unfinished, attempt_limit: Math.max(before.attempt_limit, before.attempt + 1) };
}

function expiry(state: 'succeeded' | 'dead' | 'deleted'): StateChange {
  return {
    name: `the expiry of ${state} jobs`,
    file: 'expire-jobs.ts',
    from: [state],
    to: 'removed',
    apply: async ({ executor }) => (await expireJobs(executor, { state, retentionMs: 0, limit: 100 })) === 1,
    changes: () => ({}),
    recorded: [],
  };
}

function includes(jobs: readonly (PlacedJob | { readonly id: string })[], id: string): boolean {
  return jobs.some((job) => job.id === id);
}
