import { executorOf } from '../adapters/transaction.js';
import type { Engine } from '../engine/engine.js';
import { encodeArgs } from '../job/args.js';
import type { CallArguments, JobArgs, JobClient } from '../job/context.js';
import type { JobContract } from '../job/contract.js';
import type { Duration } from '../duration.js';
import { type EnqueueOptions, enqueueOptionsSchema, scheduleOptionsSchema } from '../job/enqueue-options.js';
import { checkOptions } from '../job/option-schema.js';
import { priorityRank } from '../job/priority.js';
import { tagsOf } from '../job/tags.js';
import type { Transaction } from '../job/transaction.js';
import { planFor } from '../job/when.js';
import type { Database } from '../storage/database.js';
import { insertJobs, type NewJobs } from '../storage/insert-jobs.js';
import type { PlacedJob } from '../storage/placed-job.js';
import type { Executor } from '../storage/statement.js';
import { batchesOf } from './batches.js';
import type { Inserter } from './inserter.js';

export interface EnqueuerParts {
  readonly database: Database;
  readonly engine: Engine;
  readonly inserter: Inserter;
  /** The job whose handler enqueues. */
  readonly originId?: string;
}

/** Creates jobs. Everything about a call is checked before anything is written. */
export class Enqueuer implements JobClient {
  readonly #parts: EnqueuerParts;

  constructor(parts: EnqueuerParts) {
    this.#parts = parts;
  }

  /** What the handler of a job enqueues with. */
  forHandlerOf(originId: string): Enqueuer {
    return new Enqueuer({ ...this.#parts, originId });
  }

  async enqueue<Input>(
    job: JobContract<Input>,
    ...[args, options]: CallArguments<NoInfer<Input>, EnqueueOptions>
  ): Promise<string> {
    const { tx, delay: delayMs, ...checked } = checkOptions('enqueue', enqueueOptionsSchema, options);
    return this.#insertOne(await newJobs(job, [args], this.#call('enqueue', { ...checked, delayMs })), tx);
  }

  async schedule<Input>(
    job: JobContract<Input>,
    args: JobArgs<NoInfer<Input>>,
    when: Duration | Date,
    options?: Omit<EnqueueOptions, 'delay'>,
  ): Promise<string> {
    const { tx, ...checked } = checkOptions('schedule', scheduleOptionsSchema, options);
    const call = this.#call('schedule', { ...checked, ...planFor('schedule', when) });
    return this.#insertOne(await newJobs(job, [args], call), tx);
  }

  async enqueueMany<Input>(
    job: JobContract<Input>,
    args: readonly JobArgs<NoInfer<Input>>[],
    options?: EnqueueOptions,
  ): Promise<string[]> {
    const { tx, delay: delayMs, ...checked } = checkOptions('enqueueMany', enqueueOptionsSchema, options);
    const jobs = await newJobs(job, args, this.#call('enqueueMany', { ...checked, delayMs }));
    const batches = batchesOf(jobs.args, (text) => text.length).map((texts) => ({ ...jobs, args: texts }));
    const placed = await this.#insertAll(batches, tx);
    return placed.map(({ id }) => id);
  }

  #call(name: string, options: CallOptions): Call {
    return { ...options, name, originId: this.#parts.originId };
  }

  async #insertOne(jobs: NewJobs, tx: Transaction | undefined): Promise<string> {
    if (tx === undefined) {
      await this.#parts.database.ensureMigrated();
      return this.#parts.inserter.insert(jobs);
    }
    const [placed] = await this.#insertAll([jobs], tx);
    // One job in, one row back: the statement has no condition that could leave it out.
    return (placed as PlacedJob).id;
  }

  /** All batches or none. */
  async #insertAll(batches: readonly NewJobs[], tx: Transaction | undefined): Promise<PlacedJob[]> {
    const { database, engine } = this.#parts;
    if (tx !== undefined) {
      const executor = executorOf(tx, database.schema);
      await database.ensureMigrated(executor);
      const placed = await insertBatches(executor, batches);
      await engine.announce(executor, placed);
      return placed;
    }
    await database.ensureMigrated();
    return engine.place((executor) =>
      batches.length === 1
        ? insertBatches(executor, batches)
        : database.transaction((own) => insertBatches(own, batches)),
    );
  }
}

async function insertBatches(executor: Executor, batches: readonly NewJobs[]): Promise<PlacedJob[]> {
  const placed: PlacedJob[] = [];
  for (const batch of batches) placed.push(...(await insertJobs(executor, [batch])));
  return placed;
}

interface CallOptions {
  readonly queue?: string | undefined;
  readonly priority?: EnqueueOptions['priority'] | undefined;
  readonly delayMs?: number | undefined;
  readonly runAt?: Date | undefined;
  readonly timeout?: number | undefined;
  readonly retry?:
    | { readonly attempts?: number | undefined; readonly delays?: readonly number[] | undefined }
    | undefined;
  readonly tags?: readonly string[] | undefined;
}

interface Call extends CallOptions {
  readonly name: string;
  readonly originId: string | undefined;
}

async function newJobs(job: JobContract<never>, args: readonly unknown[], call: Call): Promise<NewJobs> {
  const texts: string[] = [];
  for (const each of args) texts.push(await encodeArgs(job, each));
  return {
    name: job.name,
    queue: call.queue ?? job.queue,
    priority: priorityRank(call.priority ?? job.priority),
    attemptLimit: call.retry?.attempts ?? job.retry.attempts,
    retryDelaysMs: call.retry?.delays,
    timeoutMs: call.timeout,
    delayMs: call.delayMs,
    runAt: call.runAt,
    originId: call.originId,
    tags: tagsOf(call.name, job.tags, call.tags),
    args: texts,
  };
}
