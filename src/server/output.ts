import type { Logger } from '../job/context.js';
import { errorRecord } from '../job/error-record.js';
import type { Retention } from '../options.js';
import { isDataError } from '../storage/postgres-error.js';
import type { Executor } from '../storage/statement.js';
import { type JobOutput, writeJobOutput } from '../storage/write-job-output.js';
import { Loop } from './loop.js';

/** What is told is written after this long, or earlier when so many characters of lines have come together. */
const DELAY_MS = 500;
const EARLY_CHARACTERS = 256 * 1024;
/** One statement takes about this many. */
const BATCH_CHARACTERS = 1024 * 1024;
/** In an outage of Postgres no more than this waits to be written. */
const LIMIT_CHARACTERS = 16 * BATCH_CHARACTERS;
/** There is nothing to do until something is told. */
const UNTIL_WOKEN_MS = Number.POSITIVE_INFINITY;

export interface OutputOptions {
  readonly database: Executor;
  readonly logger: Logger;
  readonly retention: Retention;
}

/** What is taken to be written. */
export interface Batch extends JobOutput {
  /** Of the lines that were said, as `hearOf` was told of them. */
  readonly characters: number;
}

/** An attempt, as far as it is of interest here. */
export interface Teller {
  /** What it has told since it was last asked. */
  take(): Batch;
}

/** Writes what the handlers of a server tell while they run, of many attempts in one statement. Nothing waits for it. */
export class Output {
  readonly loop: Loop;
  readonly #options: OutputOptions;
  readonly #retentionMs: number;
  /** Those that have something to be written. */
  readonly #telling = new Set<Teller>();
  /** What the latest statement was to write, until it has. */
  #batch: Batch | undefined;
  /** Of all lines that are not yet written. */
  #characters = 0;
  #dueAt = 0;
  #isFull = false;

  constructor(options: OutputOptions) {
    this.#options = options;
    this.#retentionMs = Math.min(...Object.values(options.retention));
    this.loop = new Loop({ name: 'output', logger: options.logger, step: () => this.#step() });
  }

  /** Whether so much waits to be written that no more lines are to be kept. */
  get isFull(): boolean {
    return this.#isFull;
  }

  /** The attempt has something to be written: lines of so many characters, or another value. */
  hearOf(teller: Teller, characters = 0): void {
    const isFirst = this.#telling.size === 0;
    const wasEarly = this.#characters < EARLY_CHARACTERS;
    this.#telling.add(teller);
    this.#characters += characters;
    if (isFirst) this.#dueAt = performance.now() + DELAY_MS;
    if (isFirst || (wasEarly && this.#characters >= EARLY_CHARACTERS)) this.loop.wake();
    if (!this.#isFull && this.#characters >= LIMIT_CHARACTERS) this.#refuse();
  }

  /** Resolves when all is written; rejects if it cannot be. */
  async flush(): Promise<void> {
    await this.loop.stop();
    while (this.#pauseMs() < UNTIL_WOKEN_MS) await this.#write();
  }

  async #step(): Promise<number> {
    if (this.#pauseMs() <= 0) await this.#write();
    return this.#pauseMs();
  }

  #pauseMs(): number {
    if (this.#batch !== undefined) return 0;
    if (this.#telling.size === 0) return UNTIL_WOKEN_MS;
    return this.#characters >= EARLY_CHARACTERS ? 0 : this.#dueAt - performance.now();
  }

  #refuse(): void {
    this.#isFull = true;
    this.#options.logger.warn({}, 'what handlers log is not kept for a while: too much waits to be written');
  }

  /** A batch that could not be written is written again before any other: later values replace those in it. */
  async #write(): Promise<void> {
    this.#batch ??= this.#takeBatch();
    await this.#writeOrHalve(this.#batch);
    this.#characters -= this.#batch.characters;
    this.#batch = undefined;
    if (this.#characters < LIMIT_CHARACTERS / 2) this.#isFull = false;
  }

  #takeBatch(): Batch {
    const taken: Batch[] = [];
    let characters = 0;
    for (const teller of this.#telling) {
      this.#telling.delete(teller);
      const batch = teller.take();
      taken.push(batch);
      characters += batch.characters;
      if (characters >= BATCH_CHARACTERS) break;
    }
    return { characters, rows: taken.flatMap(({ rows }) => rows), bars: taken.flatMap(({ bars }) => bars) };
  }

  /** What Postgres refuses must not keep the rest from being written: it is found by halving, and dropped. */
  async #writeOrHalve(output: JobOutput): Promise<void> {
    const { database, logger } = this.#options;
    try {
      await writeJobOutput(database, output, this.#retentionMs);
    } catch (error) {
      if (!isDataError(error)) throw error;
      const isOne = output.rows.length + output.bars.length === 1;
      if (isOne)
        logger.error({ error: errorRecord(error) }, 'Postgres refuses what a handler told: it is dropped');
      else for (const half of halves(output)) await this.#writeOrHalve(half);
    }
  }
}

function halves({ rows, bars }: JobOutput): readonly JobOutput[] {
  if (rows.length > 0 && bars.length > 0)
    return [
      { rows, bars: [] },
      { rows: [], bars },
    ];
  const [ofRows, ofBars] = [Math.ceil(rows.length / 2), Math.ceil(bars.length / 2)];
  return [
    { rows: rows.slice(0, ofRows), bars: bars.slice(0, ofBars) },
    { rows: rows.slice(ofRows), bars: bars.slice(ofBars) },
  ];
}
