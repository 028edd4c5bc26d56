import type pg from 'pg';
import { z } from 'zod';
import type { Firelock } from '../../src/firelock.js';
import { defineJob } from '../../src/job/definition.js';
import * as transition from '../../src/job/transition.js';
import { applyAct } from '../../src/storage/apply-act.js';
import type { Database } from '../../src/storage/database.js';
import { expireJobs } from '../../src/storage/expire-jobs.js';
import { promoteDueJobs } from '../../src/storage/promote-due-jobs.js';
import { releaseOrphans } from '../../src/storage/release-attempts.js';
import { claimSuspect } from '../../src/storage/claim-suspect.js';
import { markStopped, registerServer } from '../../src/storage/servers.js';
import { settleAndClaim } from '../../src/storage/settle-and-claim.js';
import { beat, recoverLost, silence } from '../lost-servers.js';
import { Beliefs } from './beliefs.js';
import { acts, type JobFacts, workAnswer } from './model.js';
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

const job = defineJob({ name: 'job', args: z.object({}) });
const error = { name: 'Error', message: 'no' };
const HOUR_MS = 3_600_000;
const ALL = 1000;

interface Parts {
  /** What clients call. */
  readonly firelock: Firelock;
  /** What servers run. */
  readonly database: Database;
  /** What tests do to time. */
  readonly client: pg.Client;
}

/** Firelock on a real Postgres, performing the operations of the model. */
export class System {
  readonly #parts: Parts;
  readonly #jobs: string[] = [];
  readonly #servers: string[] = [];
  readonly #beliefs = new Beliefs();
  #passed = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** The ids of the jobs, by their numbers. */
  get jobs(): readonly string[] {
    return this.#jobs;
  }

  async facts(): Promise<readonly (JobFacts | undefined)[]> {
    const { rows } = await this.#parts.client.query<{ id: string; serverId: string | null } & JobFacts>(`
      select
        id, state, attempt, attempt_limit as "attemptLimit", recoveries, server_id as "serverId",
        array(
          select from_state || ' → ' || to_state || ', attempt ' || attempt
          from firelock.transitions where job_id = jobs.id order by at, id
        ) as history
      from firelock.jobs`);
    const known = new Map(
      rows.map(({ id, serverId, ...facts }) => [id, { ...facts, server: this.#serverNumber(serverId) }]),
    );
    return this.#jobs.map((id) => known.get(id));
  }

  async perform(operation: Operation): Promise<readonly string[]> {
    const { database, client } = this.#parts;
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
        this.#servers.push(await registerServer(database, { name: 'server', queues: {}, jobNames: ['job'] }));
        return [];
      case 'beat':
        return [String(await beat(database, this.#server(operation.server).id))];
      case 'fall silent':
        await silence(client, this.#server(operation.server).id);
        return [];
      case 'leave':
        await markStopped(database, this.#server(operation.server).id);
        return [];
      case 'release':
        return this.#release(operation.server, operation.queue);
      case 'recover':
        return this.#recover();
      case 'time passes':
        return this.#timePasses();
      case 'promote': {
        const { promoted } = await promoteDueJobs(database, operation.limit);
        return promoted.map(({ id }) => `${this.#number(id)} → enqueued`).toSorted();
      }
      case 'expire': {
        const { state } = operation;
        return [`${await expireJobs(database, { state, retentionMs: 0, limit: ALL })} expired`];
      }
    }
  }

  /** Brings every job to its end: the servers vanish, another one comes and succeeds with all that is left. */
  async drain(): Promise<void> {
    for (const id of this.#servers) await silence(this.#parts.client, id);
    await this.perform({ kind: 'recover' });
    await this.perform({ kind: 'time passes' });
    await this.perform({ kind: 'promote', limit: ALL });
    await this.perform({ kind: 'join' });
    // The one that came last.
    const server = 0;
    const end = { pick: 0, writer: 'the server', outcome: 'succeeded', soon: false } as const;
    for (const queue of ['a', 'b'] as const) {
      await this.perform({ kind: 'work', server, queue, limit: ALL, ends: [] });
      const ends = this.#beliefs.jobsOf(this.#server(server).number).map(() => end);
      await this.perform({ kind: 'work', server, queue, limit: 0, ends });
    }
    await this.#drainSuspects(server);
  }

  /** Which no server takes together with others. */
  async #drainSuspects(server: number): Promise<void> {
    const end = { pick: 0, writer: 'the server', outcome: 'succeeded', soon: false } as const;
    for (const queue of ['a', 'b'] as const)
      while ((await this.perform({ kind: 'claim suspect', server, queue })).length > 0)
        await this.perform({ kind: 'work', server, queue, limit: 0, ends: [end] });
  }

  async #enqueue({ count, queue, priority, attempts, when }: Enqueue): Promise<readonly string[]> {
    const { firelock } = this.#parts;
    const options = { queue, priority, retry: { attempts } };
    if (count > 1) {
      const args = Array.from({ length: count }, () => ({}));
      const delay = when === 'later' ? { delay: HOUR_MS } : {};
      this.#numbers(await firelock.enqueueMany(job, args, { ...options, ...delay }));
    } else if (when === 'now') this.#number(await firelock.enqueue(job, {}, options));
    else {
      const at = when === 'later' ? '1h' : new Date('2001-01-01');
      this.#number(await firelock.schedule(job, {}, at, options));
    }
    return [];
  }

  async #work({ server: pick, queue, limit, ends }: Work): Promise<readonly string[]> {
    const server = this.#server(pick);
    const ended = this.#beliefs.end(server.number, ends);
    const settled = ended.map(({ job, attempt, end }) => {
      return { id: this.#jobs[job] ?? '', attempt, settlement: settlementOf(end) };
    });
    const claim = { queue, names: ['job'], limit };
    const answer = await settleAndClaim(this.#parts.database, server.id, { settled, claim });
    const claimed = answer.claimed.map(({ id, attempt }) => ({ job: this.#number(id), attempt }));
    this.#beliefs.give(server.number, claimed);
    const stale = new Set(answer.stale.map(({ id }) => this.#number(id)));
    return workAnswer(
      claimed,
      ended.map((attempt) => ({ ...attempt, applied: !stale.has(attempt.job) })),
    );
  }

  async #claimSuspect({ server: pick, queue }: ClaimSuspect): Promise<readonly string[]> {
    const server = this.#server(pick);
    const claimed = await claimSuspect(this.#parts.database, server.id, { queue, names: ['job'] });
    if (claimed === undefined) return [];
    const attempt = { job: this.#number(claimed.id), attempt: claimed.attempt };
    this.#beliefs.give(server.number, [attempt]);
    return workAnswer([attempt], []);
  }

  async #act({ act: kind, jobs: picks, from, soon }: ActOn): Promise<readonly string[]> {
    const act = acts[kind];
    const ids = [...new Set(picks.flatMap((pick) => this.#jobs[pick % this.#jobs.length] ?? []))];
    const plan = kind === 'reschedule' ? { delayMs: soon ? 0 : HOUR_MS } : {};
    const states = act.from.filter((state) => (from ?? state) === state);
    const moved = await applyAct(this.#parts.database, act, { ids, from: states, ...plan });
    return this.#numbers(moved.map(({ id }) => id)).map((number) => `${number} → ${act.to}`);
  }

  async #release(pick: number, queue: Queue): Promise<readonly string[]> {
    const { id: serverId, number } = this.#server(pick);
    this.#beliefs.forgetLatest(number);
    const heldIds = this.#beliefs.jobsOf(number).map((job) => this.#jobs[job] ?? '');
    const released = await releaseOrphans(this.#parts.database, { serverId, queue, heldIds });
    return this.#numbers(released.map(({ id }) => id)).map((number) => `${number} → enqueued`);
  }

  async #recover(): Promise<readonly string[]> {
    const recovered = await recoverLost(this.#parts.database);
    return recovered
      .toSorted((a, b) => this.#number(a.id) - this.#number(b.id))
      .map(({ id, state }) => `${this.#number(id)} → ${state}`);
  }

  /** What waits becomes due in the order in which time was let pass, before all that is due by itself. */
  async #timePasses(): Promise<readonly string[]> {
    this.#passed += 1;
    await this.#parts.client.query(
      `with waiting as materialized (
         select id from firelock.jobs where state in ('scheduled', 'failed') and run_at > now()
         order by id for update skip locked
       )
       update firelock.jobs set run_at = timestamptz '2001-01-01' + $1::integer * interval '1 s'
       from waiting where jobs.id = waiting.id`,
      [this.#passed],
    );
    return [];
  }

  #server(pick: number): { readonly number: number; readonly id: string } {
    const number = pickServer(pick, this.#servers.length);
    return { number, id: this.#servers[number] ?? '' };
  }

  #serverNumber(id: string | null): number | undefined {
    return id === null ? undefined : this.#servers.indexOf(id);
  }

  /** Jobs are numbered as they are first heard of: by who enqueued them, or by a server that was quicker. */
  #number(id: string): number {
    const known = this.#jobs.indexOf(id);
    return known === -1 ? this.#jobs.push(id) - 1 : known;
  }

  #numbers(ids: readonly string[]): readonly number[] {
    return ids.map((id) => this.#number(id)).toSorted((a, b) => a - b);
  }
}

function settlementOf({ outcome, soon }: End): transition.Settlement {
  const delayMs = soon ? 0 : HOUR_MS;
  switch (outcome) {
    case 'succeeded':
      return transition.succeeded({ result: '"done"' });
    case 'failed':
      return transition.failed({ error, delayMs });
    case 'dead':
      return transition.dead({ error });
    case 'released':
      return transition.released();
    case 'snoozed':
      return transition.snoozed({ delayMs });
  }
}
