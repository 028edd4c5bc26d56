import { priorityRank } from '../../src/job/priority.js';
import type { State } from '../../src/job/state.js';
import * as transition from '../../src/job/transition.js';
import { RECOVERY_LIMIT } from '../lost-servers.js';
import { type Attempt, Beliefs } from './beliefs.js';
import {
  type ActOn,
  type ClaimSuspect,
  type End,
  type Enqueue,
  type Operation,
  pickServer,
  type Queue,
  type Work,
} from './operation.js';

/** All that is compared of a job. */
export interface JobFacts {
  readonly state: State;
  readonly attempt: number;
  readonly attemptLimit: number;
  readonly recoveries: number;
  /** The last server that claimed it, as a number. */
  readonly server: number | undefined;
  readonly history: readonly string[];
}

interface ModelJob {
  readonly queue: Queue;
  readonly rank: number;
  state: State;
  attempt: number;
  attemptLimit: number;
  recoveries: number;
  runsApart: boolean;
  server: number | undefined;
  /** When it is due, by the model's clock of operations. */
  due: number;
  readonly history: string[];
}

interface ModelServer {
  state: 'running' | 'stopped' | 'lost';
  silent: boolean;
}

const NOT_YET = Number.POSITIVE_INFINITY;
const LONG_AGO = -1_000_000;
/** A job that was lost so often is a suspect, and is not claimed together with others. */
const SUSPECT_AT = RECOVERY_LIMIT - 1;

export const acts = {
  retry: transition.retry,
  requeue: transition.requeue,
  delete: transition.remove,
  reschedule: transition.reschedule,
};

/**
 * What Firelock promises of the states of jobs, without Postgres. An operation answers all that it changed, as a server or
 * a client is told it: `3 → enqueued`.
 */
export class Model {
  /** By number; undefined once it has expired. */
  readonly #jobs: (ModelJob | undefined)[] = [];
  readonly #servers: ModelServer[] = [];
  readonly #beliefs = new Beliefs();
  #clock = 0;

  get jobCount(): number {
    return this.#jobs.length;
  }

  facts(): readonly (JobFacts | undefined)[] {
    return this.#jobs.map((job) => {
      if (job === undefined) return undefined;
      const { state, attempt, attemptLimit, recoveries, server, history } = job;
      return { state, attempt, attemptLimit, recoveries, server, history: [...history] };
    });
  }

  perform(operation: Operation): readonly string[] {
    this.#clock += 1;
    switch (operation.kind) {
      case 'enqueue':
        return this.#enqueue(operation);
      case 'work':
        return this.#work(operation);
      case 'claim suspect':
        return this.#claimSuspect(operation);
      case 'act':
        return this.#act(operation);
      case 'join':
        this.#servers.push({ state: 'running', silent: false });
        return [];
      case 'beat':
      case 'fall silent':
      case 'leave':
        return this.#live(operation.kind, this.#server(operation.server));
      case 'release':
        return this.#release(this.#server(operation.server), operation.queue);
      case 'recover':
        return this.#recover();
      case 'time passes':
        for (const job of this.#waiting()) if (job.due === NOT_YET) job.due = LONG_AGO + this.#clock;
        return [];
      case 'promote':
        return this.#promote(operation.limit);
      case 'expire':
        return this.#expire(operation.state);
    }
  }

  #enqueue({ count, queue, priority, attempts, when }: Enqueue): readonly string[] {
    for (let n = 0; n < count; n += 1) {
      this.#jobs.push({
        queue,
        rank: priorityRank(priority),
        state: when === 'later' ? 'scheduled' : 'enqueued',
        attempt: 0,
        attemptLimit: attempts,
        recoveries: 0,
        runsApart: false,
        server: undefined,
        due: NOT_YET,
        history: [],
      });
    }
    return [];
  }

  #work({ server: pick, queue, limit, ends }: Work): readonly string[] {
    const server = this.#server(pick);
    // The claim sees the jobs as they were before the settlements of the same statement.
    const claimable = this.#numbered(({ state, queue: its, recoveries }) => {
      return state === 'enqueued' && its === queue && recoveries < SUSPECT_AT;
    });
    const ended = this.#beliefs.end(server, ends);
    const settled = ended.map((attempt) => ({ ...attempt, applied: this.#settle(server, attempt) }));
    const running = this.#servers[server]?.state === 'running';
    const claimed = claimable
      .toSorted(([a, one], [b, other]) => one.rank - other.rank || a - b)
      .slice(0, running ? limit : 0)
      .map(([number, job]) => {
        Object.assign(job, { state: 'processing', attempt: job.attempt + 1, server });
        return { job: number, attempt: job.attempt };
      });
    this.#beliefs.give(server, claimed);
    return workAnswer(claimed, settled);
  }

  #claimSuspect({ server: pick, queue }: ClaimSuspect): readonly string[] {
    const server = this.#server(pick);
    if (this.#servers[server]?.state !== 'running') return [];
    const [suspect] = this.#numbered(({ state, queue: its, recoveries }) => {
      return state === 'enqueued' && its === queue && recoveries >= SUSPECT_AT;
    });
    if (suspect === undefined) return [];
    const [number, job] = suspect;
    Object.assign(job, { state: 'processing', attempt: job.attempt + 1, server, runsApart: true });
    const attempt = { job: number, attempt: job.attempt };
    this.#beliefs.give(server, [attempt]);
    return workAnswer([attempt], []);
  }

  #settle(server: number, { job: number, attempt, end }: Attempt & { readonly end: End }): boolean {
    const job = this.#jobs[number];
    if (job?.state !== 'processing' || job.server !== server || job.attempt !== attempt) return false;
    const state = stateAfter(end);
    if (state !== 'succeeded') move(job, state);
    else job.state = state;
    if (state === 'failed' || state === 'scheduled') job.due = end.soon ? this.#clock : NOT_YET;
    // Neither a release nor a snooze counts as an attempt.
    if (state === 'enqueued' || state === 'scheduled') job.attemptLimit += 1;
    return true;
  }

  #act({ act: kind, jobs: picks, from, soon }: ActOn): readonly string[] {
    const act = acts[kind];
    const numbers = new Set(picks.map((pick) => pick % this.#jobs.length));
    const targets = this.#numbered(({ state }, number) => {
      return numbers.has(number) && act.from.includes(state) && (from ?? state) === state;
    });
    for (const [, job] of targets) {
      if (job.state === 'succeeded') job.history.push(step('processing', 'succeeded', job));
      move(job, act.to);
      if (kind === 'reschedule') job.due = soon ? this.#clock : NOT_YET;
      if (kind !== 'delete') job.attemptLimit = Math.max(job.attemptLimit, job.attempt + 1);
    }
    return targets.map(([number]) => `${number} → ${act.to}`);
  }

  #live(what: 'beat' | 'fall silent' | 'leave', number: number): readonly string[] {
    const server = this.#servers[number];
    if (server === undefined || server.state !== 'running') return what === 'beat' ? ['false'] : [];
    if (what === 'leave') server.state = 'stopped';
    else server.silent = what === 'fall silent';
    return what === 'beat' ? ['true'] : [];
  }

  #release(server: number, queue: Queue): readonly string[] {
    this.#beliefs.forgetLatest(server);
    const held = this.#beliefs.jobsOf(server);
    const orphans = this.#numbered((job, number) => {
      return (
        job.state === 'processing' && job.server === server && job.queue === queue && !held.includes(number)
      );
    });
    for (const [, job] of orphans) {
      move(job, 'enqueued');
      job.attemptLimit += 1;
    }
    return orphans.map(([number]) => `${number} → enqueued`);
  }

  #recover(): readonly string[] {
    for (const server of this.#servers)
      if (server.state === 'running' && server.silent) server.state = 'lost';
    const lost = this.#numbered(({ state, server }) => {
      return state === 'processing' && this.#servers[server ?? -1]?.state !== 'running';
    });
    for (const [, job] of lost) {
      // Only who ran apart can be told to have killed its server.
      const spent = job.runsApart && job.recoveries >= SUSPECT_AT;
      job.recoveries = Math.min(job.recoveries + 1, spent ? RECOVERY_LIMIT : SUSPECT_AT);
      job.attemptLimit += 1;
      move(job, spent ? 'dead' : 'enqueued');
    }
    return lost.map(([number, { state }]) => `${number} → ${state}`);
  }

  #promote(limit: number): readonly string[] {
    const due = (['scheduled', 'failed'] as const).flatMap((state) =>
      this.#numbered((job) => job.state === state && job.due <= this.#clock)
        .toSorted(([a, one], [b, other]) => one.due - other.due || a - b)
        .slice(0, limit),
    );
    for (const [, job] of due) job.state = 'enqueued';
    return due.map(([number]) => `${number} → enqueued`).toSorted();
  }

  #expire(state: State): readonly string[] {
    const old = this.#numbered((job) => job.state === state);
    for (const [number] of old) this.#jobs[number] = undefined;
    return [`${old.length} expired`];
  }

  #server(pick: number): number {
    return pickServer(pick, this.#servers.length);
  }

  #waiting(): readonly ModelJob[] {
    return this.#numbered(({ state }) => state === 'scheduled' || state === 'failed').map(([, job]) => job);
  }

  #numbered(matches: (job: ModelJob, number: number) => boolean): readonly (readonly [number, ModelJob])[] {
    return this.#jobs.flatMap((job, number) =>
      job !== undefined && matches(job, number) ? [[number, job] as const] : [],
    );
  }
}

/** A move that the history records. */
function move(job: ModelJob, to: State): void {
  job.history.push(step(job.state, to, job));
  job.state = to;
}

function step(from: State, to: State, { attempt }: ModelJob): string {
  return `${from} → ${to}, attempt ${attempt}`;
}

/** What was claimed, in the order of the answer, and what became of the settlements. */
export function workAnswer(
  claimed: readonly Attempt[],
  settled: readonly (Attempt & { readonly end: End; readonly applied: boolean })[],
): readonly string[] {
  return [
    ...claimed.map(({ job, attempt }) => `${job} → processing, attempt ${attempt}`),
    ...settled.map(({ job, end, applied }) => (applied ? `${job} → ${stateAfter(end)}` : `${job} refused`)),
  ];
}

const outcomes = {
  succeeded: 'succeeded',
  failed: 'failed',
  dead: 'dead',
  released: 'enqueued',
  snoozed: 'scheduled',
} as const;

function stateAfter({ outcome }: End) {
  return outcomes[outcome];
}
