import type { Engine } from '../engine/engine.js';
import type { Logger } from '../job/context.js';
import { errorRecord } from '../job/error-record.js';
import type { Retention } from '../options.js';
import type { Database } from '../storage/database.js';
import { endTransactionsOf } from '../storage/end-transactions.js';
import type { Sighting } from '../storage/watch.js';
import { expiryLoop } from './expiry.js';
import type { Loop } from './loop.js';
import { Promoter } from './promoter.js';
import { recoveryLoop } from './recovery.js';
import { recurringLoop } from './recurring.js';
import type { Reports } from './reports.js';
import type { Statistics } from './statistics.js';
import { Watch } from './watch.js';

export interface LeaderOptions {
  readonly database: Database;
  readonly engine: Engine;
  readonly logger: Logger;
  readonly reports: Reports;
  readonly statistics: Statistics;
  readonly retention: Retention;
  readonly serverId: () => string;
  /** Jobs, or suspects, wait in these queues. */
  readonly onWaiting: (waiting: Pick<Sighting, 'ready' | 'suspect'>) => void;
  readonly onDeaf: () => void;
}

/** What one server does for all: promoting, recurring jobs, recovery, expiry. Each server is ready to; `Watch` says who does. */
export class Leader {
  readonly watch: Watch;
  readonly promoter: Promoter;
  readonly recurring: Loop;
  readonly #options: LeaderOptions;
  readonly #recovery: Loop;
  readonly #expiry: Loop;

  constructor(options: LeaderOptions) {
    const { engine, logger, onDeaf, database, serverId } = options;
    this.#options = options;
    const when = () => this.watch.leads;
    const onLead = () => this.#wakeAll();
    const onSighting = (sighting: Sighting) => this.#follow(sighting);
    this.watch = new Watch({ database, logger, serverId, onDeaf, onLead, onSighting });
    this.promoter = new Promoter(engine, logger, when);
    this.recurring = recurringLoop({ ...options, leads: when });
    this.#recovery = recoveryLoop({ ...options, when });
    this.#expiry = expiryLoop({ ...options, when });
  }

  start(): void {
    for (const loop of this.#loops()) loop.start();
  }

  async stop(): Promise<void> {
    await Promise.all(this.#loops().map((loop) => loop.stop()));
  }

  #loops(): Loop[] {
    return [this.watch.loop, this.promoter.loop, this.recurring, this.#recovery, this.#expiry];
  }

  #wakeAll(): void {
    for (const loop of [this.promoter.loop, this.recurring, this.#recovery, this.#expiry]) loop.wake();
  }

  #follow(sighting: Sighting): void {
    this.#options.onWaiting(sighting);
    if (sighting.lost.length === 0) return;
    const { logger, reports } = this.#options;
    for (const { id: serverId, name } of sighting.lost) {
      logger.warn({ serverId, name }, 'a server fell silent: it is lost, and its jobs are recovered');
      reports.report('server:lost', () => ({ serverId, name }));
    }
    void this.#endTransactions(sighting.lost.map(({ id }) => id));
  }

  /** First their open transactions, which may hold the rows of their jobs, then the jobs. */
  async #endTransactions(serverIds: readonly string[]): Promise<void> {
    const { database, logger } = this.#options;
    try {
      await endTransactionsOf(database, serverIds);
    } catch (error) {
      const facts = { error: errorRecord(error), serverIds };
      logger.warn(facts, "the transactions of lost servers' jobs could not be ended: they end by themselves");
    }
    this.#recovery.wake();
  }
}
