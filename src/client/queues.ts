import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { checkOptions, nameSchema } from '../job/option-schema.js';
import { recordAct } from '../storage/audit-log.js';
import { claimsUnderWay } from '../storage/claims-under-way.js';
import type { Database } from '../storage/database.js';
import { channelOf, type Notification, notify } from '../storage/notification.js';
import {
  deleteQueuePause,
  findQueuePause,
  lockQueuePauses,
  type QueuePause,
  writeQueuePause,
} from '../storage/queue-pauses.js';
import type { Executor } from '../storage/statement.js';
import { type Attribution, attributionSchema, type CheckedAttribution } from './attribution.js';

/** A person's open transaction may hold what a claim holds: it is not waited for longer than this. */
const CLAIMS_LIMIT_MS = 2000;
const LOOK_EVERY_MS = 5;
/** Servers hear of a pause within milliseconds, and nobody says that it has: they are given this long to give back what they hold. */
const HEARING_MS = 100;

const queueSchema = z.strictObject({ queue: nameSchema });

/** Pauses: a paused queue starts nothing, and what runs goes on. */
export class Queues {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Answers whether it changed anything. */
  async pause(queue: string, options?: Attribution): Promise<boolean> {
    const said = checkOptions('pauseQueue', attributionSchema, options);
    checkOptions('pauseQueue', queueSchema, { queue });
    const changed = await this.#change({ act: 'pause', queue, said }, async (tx, before) => {
      if (before !== undefined && before.by === said.by && before.reason === said.reason) return false;
      await writeQueuePause(tx, queue, said);
      return true;
    });
    // Also where it was paused already: perhaps by a call that is still waiting for this itself.
    await Promise.all([this.#claimsHaveEnded(), sleep(HEARING_MS)]);
    return changed;
  }

  /** Answers whether it was paused. */
  async resume(queue: string, options?: Attribution): Promise<boolean> {
    const said = checkOptions('resumeQueue', attributionSchema, options);
    checkOptions('resumeQueue', queueSchema, { queue });
    return this.#change({ act: 'resume', queue, said }, async (tx, before) => {
      if (before === undefined) return false;
      await deleteQueuePause(tx, queue);
      return true;
    });
  }

  async #change(
    { act, queue, said }: QueueAct,
    work: (tx: Executor, before: QueuePause | undefined) => Promise<boolean>,
  ): Promise<boolean> {
    const database = this.#database;
    const heard: Notification = { kind: act === 'pause' ? 'paused' : 'ready', queue };
    await database.ensureMigrated();
    return database.transaction(async (tx) => {
      await lockQueuePauses(tx);
      const before = await findQueuePause(tx, queue);
      if (!(await work(tx, before))) return false;
      const after = await findQueuePause(tx, queue);
      await recordAct(tx, { ...said, act, subject: 'queue', target: queue, before, after });
      await notify(tx, channelOf(database.schema), [heard]);
      return true;
    });
  }

  /** I11: a claim that began before the pause may not have seen it. */
  async #claimsHaveEnded(): Promise<void> {
    const deadline = performance.now() + CLAIMS_LIMIT_MS;
    let claims = await claimsUnderWay(this.#database);
    while (claims.length > 0 && performance.now() < deadline) {
      await sleep(LOOK_EVERY_MS);
      claims = await claimsUnderWay(this.#database, claims);
    }
  }
}

interface QueueAct {
  readonly act: 'pause' | 'resume';
  readonly queue: string;
  readonly said: CheckedAttribution;
}
