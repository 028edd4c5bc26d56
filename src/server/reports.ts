import type { EventEmitter } from 'node:events';
import type { Logger } from '../job/context.js';
import { errorRecord } from '../job/error-record.js';
import type { Events } from '../job/events.js';

/** Counts what happens on a server and lets the application hear of it. A listener that fails harms no job. */
export class Reports {
  readonly #events: EventEmitter<Events>;
  readonly #logger: Logger;
  readonly #counts = new Map<keyof Events, number>();

  constructor(events: EventEmitter<Events>, logger: Logger) {
    this.#events = events;
    this.#logger = logger;
  }

  /** `describe` is called only if somebody listens: most events are of jobs, and jobs may be tens of thousands a second. */
  report<Name extends keyof Events>(name: Name, describe: () => Events[Name][0]): void {
    this.#counts.set(name, this.count(name) + 1);
    if (this.#events.listenerCount(name) === 0) return;
    const event = describe();
    // The listeners of a name take what is described under it; the emitter's type has lost that.
    const listeners = this.#events.rawListeners(name) as ((event: unknown) => unknown)[];
    for (const listener of listeners) void this.#tell(name, () => listener(event));
  }

  count(name: keyof Events): number {
    return this.#counts.get(name) ?? 0;
  }

  async #tell(name: keyof Events, listen: () => unknown): Promise<void> {
    try {
      await listen();
    } catch (error) {
      this.#logger.error({ error: errorRecord(error), event: name }, 'a listener failed');
    }
  }
}
