import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine } from '../engine/engine.js';
import type { Logger } from '../job/context.js';
import { errorRecord } from '../job/error-record.js';
import { cancellations } from '../storage/apply-act.js';
import { recordAct } from '../storage/audit-log.js';
import { type BulkAct, type BulkEnding, endBulkAct } from '../storage/bulk-acts.js';
import { type Batch, carryOutBatch } from '../storage/bulk-batch.js';
import type { Database } from '../storage/database.js';
import type { MatchesArgs } from '../storage/job-walk.js';
import type { Notifier } from '../storage/notifier.js';
import type { Reader } from '../storage/reader.js';
import { actOf } from './bulk-act-options.js';
import { bulkTarget } from './bulk-target.js';

export interface BulkRunnerParts {
  readonly database: Database;
  readonly engine: Engine;
  readonly notifier: Notifier;
  readonly logger: Logger;
}

/** So often in a row a batch is tried; what fails then is not a passing trouble. */
const TRIES = 4;
const PAUSE_AFTER_ERROR_MS = 1000;

interface Ending {
  readonly ending: BulkEnding;
  /** Who ends it, if not the one who started it. */
  readonly by?: string;
  readonly error?: string;
}

/** Carries out acts on all matching jobs in this process, and owns them while it does. */
export class BulkRunner {
  readonly #parts: BulkRunnerParts;
  readonly #running = new Set<Promise<void>>();
  readonly #closing = new AbortController();

  constructor(parts: BulkRunnerParts) {
    this.#parts = parts;
  }

  /** In the background: what fails is logged, and kept with the act. */
  run(id: string, matchesArgs: MatchesArgs | undefined): void {
    const running = this.#carryOut(id, matchesArgs)
      .catch((error: unknown) =>
        this.#log(id, error, 'an act on all matching jobs was left; it may be resumed'),
      )
      .finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  /** Ends it and records how it ended, once the batch under way is done; undefined if it had ended before. */
  end(id: string, ending: Ending): Promise<BulkAct | undefined> {
    return this.#parts.database.transaction((tx) => endIn(tx, id, ending));
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#running);
  }

  async #carryOut(id: string, matchesArgs: MatchesArgs | undefined): Promise<void> {
    for (let tries = 0; !this.#closing.signal.aborted; ) {
      try {
        const batch = await this.#batch(id, matchesArgs);
        if (batch === undefined || batch.isLast) return;
        tries = 0;
      } catch (error) {
        tries += 1;
        this.#log(id, error, 'a batch of an act on all matching jobs failed');
        if (tries === TRIES) return void (await this.end(id, { ending: 'failed', error: said(error) }));
        await sleep(PAUSE_AFTER_ERROR_MS, undefined, { signal: this.#closing.signal }).catch(() => undefined);
      }
    }
  }

  /** Servers hear of what was moved when it is committed. */
  async #batch(id: string, matchesArgs: MatchesArgs | undefined): Promise<Batch | undefined> {
    const { database, engine, notifier } = this.#parts;
    let batch: Batch | undefined;
    const work = async () => {
      batch = await database.transaction(async (tx) => {
        const done = await carryOutBatch(tx, { id, actOf, matchesArgs });
        if (done?.isLast === true) await endIn(tx, id, { ending: 'finished' });
        return done;
      });
      const { moved = [], bulk } = batch ?? {};
      for (const notification of cancellations(moved)) notifier.notify(notification);
      return bulk?.act === 'delete' ? [] : [...moved];
    };
    await engine.place(work);
    return batch;
  }

  #log(id: string, error: unknown, message: string): void {
    this.#parts.logger.error({ error: errorRecord(error), bulkAct: id }, message);
  }
}

async function endIn(tx: Reader, id: string, { by, ...how }: Ending): Promise<BulkAct | undefined> {
  const ended = await endBulkAct(tx.kysely, id, how);
  if (ended === undefined) return undefined;
  const { act, reason, applied, seen } = ended;
  const target = bulkTarget(ended);
  const after = { applied, seen, ...(how.error === undefined ? {} : { error: how.error }) };
  const line = {
    by: by ?? ended.by,
    act: `${act}: ${how.ending}`,
    subject: 'jobs',
    target,
    reason,
    after,
  } as const;
  await recordAct(tx, line);
  return ended;
}

/** The beginning of what was thrown. */
function said(error: unknown): string {
  const { name, message } = errorRecord(error);
  return `${name}: ${message}`.slice(0, 500);
}
