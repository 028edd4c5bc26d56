import type pg from 'pg';
import { expect } from 'vitest';
import type { State } from '../../src/job/state.js';
import * as transition from '../../src/job/transition.js';
import { applyAct } from '../../src/storage/apply-act.js';
import { claimSuspect } from '../../src/storage/claim-suspect.js';
import type { Database } from '../../src/storage/database.js';
import { expireJobs } from '../../src/storage/expire-jobs.js';
import { JobTransactions } from '../../src/storage/job-transactions.js';
import type { PlacedJob } from '../../src/storage/placed-job.js';
import { promoteDueJobs } from '../../src/storage/promote-due-jobs.js';
import { releaseAttempts, releaseOrphans } from '../../src/storage/release-attempts.js';
import { markStopped } from '../../src/storage/servers.js';
import { type SettledAttempt, settleAndClaim } from '../../src/storage/settle-and-claim.js';
import { settleApart } from '../../src/storage/settle-apart.js';
import type { JobRow } from '../job-rows.js';
import { RECOVERY_LIMIT, recoverLost } from '../lost-servers.js';

/** A job that waits for a statement to touch it, and the running server that last had it. */
export interface Target {
  readonly executor: Database;
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
  /** How often the job's servers were lost before, and whether the last attempt ran apart. */
  readonly recoveries?: number;
  readonly runsApart?: boolean;
}

/** The other files that write to jobs: never their state. */
export const otherWriters: readonly string[] = ['change-jobs.ts'];

const error = { name: 'Error', message: 'no' };
const anInstant = expect.stringMatching(/^\d{4}-\d\d-\d\dT/);
const HOUR_MS = 3_600_000;

/** As `oneMoreAttempt`, and ready from now on. */
const backInQueue = (before: JobRow) => ({ ...oneMoreAttempt(before), run_at: anInstant });
/** One attempt more may be made: this one did not count. */
const oneMoreAttempt = (before: JobRow) => ({
  attempt_limit: before.attempt_limit + 1,
  uncounted: Number(before['uncounted']) + 1,
});
const unfinished = { result: null, finished_at: null };

export const stateChanges: readonly StateChange[] = [
  ...settle('success', transition.succeeded({ result: '"done"' }), () => ({
    result: 'done',
    last_error: null,
    finished_at: anInstant,
  })),
  ...settle('failure', transition.failed({ error, delayMs: 1000 }), () => ({
    ...unfinished,
    last_error: 'Error: no',
    run_at: anInstant,
  })),
  ...settle('last failure', transition.dead({ error }), () => ({
    result: null,
    last_error: 'Error: no',
    finished_at: anInstant,
  })),
  ...settle('release', transition.released(), (before) => ({ ...unfinished, ...backInQueue(before) })),
  ...settle('snooze', transition.snoozed({ delayMs: 1000 }), (before) => ({
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
    name: 'the success of a transactional job',
    file: 'job-transactions.ts',
    from: ['processing'],
    to: 'succeeded',
    apply: async ({ executor, id, serverId }) => {
      const transaction = await new JobTransactions(executor, 1).begin({ id, attempt: 1, serverId });
      const isSettled = await transaction.settle('"done"');
      await transaction.commit();
      return isSettled;
    },
    changes: () => ({ result: 'done', last_error: null, finished_at: anInstant }),
    recorded: [],
  },
  {
    name: 'a claim of a suspect',
    file: 'claim-suspect.ts',
    from: ['enqueued'],
    to: 'processing',
    apply: async ({ executor, id, serverId }) =>
      (await claimSuspect(executor, serverId, { queue: 'default', names: ['job'] }))?.id === id,
    changes: (before) => ({ attempt: before.attempt + 1, started_at: anInstant, runs_apart: true }),
    recorded: [],
    recoveries: RECOVERY_LIMIT - 1,
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
    file: 'release-attempts.ts',
    from: ['processing'],
    to: 'enqueued',
    apply: async ({ executor, id, serverId }) =>
      includes(await releaseOrphans(executor, { serverId, queue: 'default', heldIds: [] }), id),
    changes: backInQueue,
    recorded: ['processing → enqueued, attempt 1'],
  },
  {
    name: 'a release of unknown attempts',
    file: 'release-attempts.ts',
    from: ['processing'],
    to: 'enqueued',
    apply: async ({ executor, id, serverId }) =>
      includes(await releaseAttempts(executor, serverId, [{ id, attempt: 1 }]), id),
    changes: backInQueue,
    recorded: ['processing → enqueued, attempt 1'],
  },
  recovery('a recovery', { recoveries: 0, runsApart: false, to: 'enqueued' }),
  recovery('a recovery from beside others', {
    recoveries: RECOVERY_LIMIT - 1,
    runsApart: false,
    to: 'enqueued',
  }),
  recovery('the last recovery', { recoveries: RECOVERY_LIMIT - 1, runsApart: true, to: 'dead' }),
  act('retry', transition.retry, readyAgain),
  act('requeue', transition.requeue, readyAgain),
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
): readonly StateChange[] {
  const change = {
    from: ['processing'] as const,
    to: settlement.state,
    changes,
    recorded: settlement.state === 'succeeded' ? [] : [`processing → ${settlement.state}, attempt 1`],
  };
  return [
    {
      ...change,
      name: `the settlement of a ${name}`,
      file: 'settle-and-claim.ts',
      apply: ({ executor, id, serverId }) => settled(executor, serverId, { id, attempt: 1, settlement }),
    },
    {
      ...change,
      name: `the settlement, apart, of a ${name}`,
      file: 'settle-apart.ts',
      apply: async ({ executor, id, serverId }) =>
        (await settleApart(executor, serverId, { id, attempt: 1, settlement })) === 'settled',
    },
  ];
}

async function settled(executor: Database, serverId: string, end: SettledAttempt): Promise<boolean> {
  const claim = { queue: 'none', names: [], limit: 0 };
  const { stale } = await settleAndClaim(executor, serverId, { settled: [end], claim });
  return !stale.some(({ id, attempt }) => id === end.id && attempt === end.attempt);
}

function recovery(
  name: string,
  how: { readonly recoveries: number; readonly runsApart: boolean; readonly to: 'enqueued' | 'dead' },
): StateChange {
  const { recoveries, to } = how;
  return {
    ...how,
    name,
    file: 'recover-lost-jobs.ts',
    from: ['processing'],
    apply: async ({ executor, id, serverId }) => {
      await markStopped(executor, serverId);
      return includes(await recoverLost(executor), id);
    },
    changes: (before) => ({
      ...(to === 'dead' ? oneMoreAttempt(before) : backInQueue(before)),
      recoveries: to === 'dead' ? RECOVERY_LIMIT : Math.min(recoveries + 1, RECOVERY_LIMIT - 1),
      last_error: 'ServerLostError: silent',
      finished_at: to === 'dead' ? anInstant : null,
    }),
    recorded: [`processing → ${to}, attempt 1`],
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

/** The same, for one that is ready from now on. */
function readyAgain(before: JobRow) {
  return { ...oneAttemptLeft(before), run_at: anInstant };
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
