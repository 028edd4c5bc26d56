import { setImmediate as turnOfTheEventLoop } from 'node:timers/promises';
import type { Logger } from '../job/context.js';
import type { Database } from '../storage/database.js';
import { type Sighting, watchServers } from '../storage/watch.js';
import { ABSENCE_MS, SILENCE_MS } from './lease.js';
import { Loop } from './loop.js';

const EVERY_MS = 1000;
/** A server that hears of no look for this long looks itself; a little more at random, so that not all do at once. */
const PATIENCE_MS = 1300;
const PATIENCE_SPREAD_MS = 200;
/** So many looks that the server did not hear of itself mean that its connection for listening is dead. */
const DEAF_AFTER = 2;

export interface WatchOptions {
  readonly database: Database;
  readonly logger: Logger;
  readonly serverId: () => string;
  readonly onSighting: (sighting: Sighting) => void;
  /** This server has begun to do what one server does for all. */
  readonly onLead: () => void;
  /** Notifications do not arrive. */
  readonly onDeaf: () => void;
}

/**
 * One server looks after all, and does what one has to do for all: it leads. Nobody is elected: each look is heard by all,
 * and whoever hears none for a while looks itself; of two that do, the younger yields. Where notifications do not
 * arrive, every server leads, which costs statements and nothing else.
 */
export class Watch {
  readonly loop: Loop;
  readonly #options: WatchOptions;
  #leads = true;
  #heardAt = 0;
  /** Looks since the last one that was heard here. */
  #unheard = 0;

  constructor(options: WatchOptions) {
    this.#options = options;
    this.loop = new Loop({ name: 'watch', logger: options.logger, step: () => this.#step() });
  }

  get leads(): boolean {
    return this.#leads;
  }

  /** A server, perhaps this one, has looked. */
  hearOf(serverId: string): void {
    this.#unheard = 0;
    const own = this.#options.serverId();
    if (serverId === own || (this.#leads && isYounger(serverId, own))) return;
    this.#leads = false;
    this.#heardAt = performance.now();
  }

  async #step(): Promise<number> {
    // A handler may have blocked the event loop: what has arrived meanwhile is heard first.
    await turnOfTheEventLoop();
    const waitMs = this.#leads ? 0 : this.#heardAt + PATIENCE_MS - performance.now();
    if (waitMs > 0) return waitMs + Math.random() * PATIENCE_SPREAD_MS;
    if (!this.#leads) this.#options.onLead();
    this.#leads = true;
    const { absentMs } = await this.#look();
    // Whoever is gone from its connection is looked for at the moment when it is lost.
    return absentMs === null ? EVERY_MS : Math.min(EVERY_MS, Math.max(0, ABSENCE_MS - absentMs) + 10);
  }

  async #look(): Promise<Sighting> {
    const { database, serverId, onSighting, onDeaf } = this.#options;
    if (this.#unheard >= DEAF_AFTER) {
      this.#unheard = 0;
      onDeaf();
    }
    const sighting = await watchServers(database, {
      schema: database.schema,
      serverId: serverId(),
      silenceMs: SILENCE_MS,
      absenceMs: ABSENCE_MS,
    });
    this.#unheard += 1;
    onSighting(sighting);
    return sighting;
  }
}

/** Ids are decimal numbers that only ever grow. */
function isYounger(id: string, than: string): boolean {
  return id.length === than.length ? id > than : id.length > than.length;
}
