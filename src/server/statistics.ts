import type { Ended } from '../engine/engine.js';
import type { Logger } from '../job/context.js';
import { bucketOf, emptyHistogram, merged } from '../job/histogram.js';
import type { Executor } from '../storage/statement.js';
import { addStatistics, type Counted } from '../storage/statistics.js';
import { Loop } from './loop.js';

/** Half of the shortest span: what ended in it is written into it, or into the next one. */
const EVERY_MS = 5000;

export interface StatisticsOptions {
  readonly database: Executor;
  readonly logger: Logger;
}

/** What is counted of the jobs of one name in one queue. */
interface Tally {
  succeeded: number;
  failed: number;
  dead: number;
  readonly waits: number[];
  readonly runs: number[];
}

/**
 * Counts how a server's attempts end, in memory, and adds it to what is kept every few seconds: per job it costs two lookups and
 * a few increments. What a process that is killed has counted since it wrote last is lost; what is counted in an outage of
 * Postgres is told as of its end; and a call whose answer was lost counts twice if it was committed. Nothing but statistics
 * depends on it.
 */
export class Statistics {
  readonly loop: Loop;
  readonly #database: Executor;
  /** By queue and name. */
  #tallies = new Map<string, Map<string, Tally>>();

  constructor({ database, logger }: StatisticsOptions) {
    this.#database = database;
    const step = () => this.#write().then(() => EVERY_MS);
    this.loop = new Loop({ name: 'statistics', logger, step });
  }

  /** An attempt has ended, and the end is committed. One that was given back or asked for more time does not count. */
  count({ job, settlement, durationMs }: Ended): void {
    const { state } = settlement;
    if (state === 'enqueued' || state === 'scheduled') return;
    const tally = this.#tally(job.queue, job.name);
    tally[state] += 1;
    increment(tally.waits, bucketOf(job.waitedMs));
    increment(tally.runs, bucketOf(durationMs));
  }

  /** A job has become a dead letter because its servers were lost: how long it ran is not known. */
  countDeadLetter(queue: string, name: string): void {
    this.#tally(queue, name).dead += 1;
  }

  /** Resolves when all is written, or has failed once more. */
  async flush(): Promise<void> {
    await this.loop.stop();
    await this.#write();
  }

  async #write(): Promise<void> {
    const counted = this.#take();
    if (counted.length === 0) return;
    try {
      await addStatistics(this.#database, counted);
    } catch (error) {
      for (const each of counted) this.#add(each);
      throw error;
    }
  }

  #take(): readonly Counted[] {
    const tallies = this.#tallies;
    this.#tallies = new Map();
    return [...tallies].flatMap(([queue, byName]) =>
      [...byName].map(([name, tally]) => ({ queue, name, ...tally })),
    );
  }

  /** There may be more of it by now. */
  #add({ queue, name, ...counted }: Counted): void {
    const tally = this.#tally(queue, name);
    this.#tallies.get(queue)?.set(name, {
      succeeded: tally.succeeded + counted.succeeded,
      failed: tally.failed + counted.failed,
      dead: tally.dead + counted.dead,
      waits: merged(tally.waits, counted.waits),
      runs: merged(tally.runs, counted.runs),
    });
  }

  #tally(queue: string, name: string): Tally {
    let byName = this.#tallies.get(queue);
    if (byName === undefined) this.#tallies.set(queue, (byName = new Map()));
    let tally = byName.get(name);
    if (tally === undefined) byName.set(name, (tally = emptyTally()));
    return tally;
  }
}

function emptyTally(): Tally {
  return { succeeded: 0, failed: 0, dead: 0, waits: emptyHistogram(), runs: emptyHistogram() };
}

function increment(counts: number[], bucket: number): void {
  counts[bucket] = (counts[bucket] ?? 0) + 1;
}
