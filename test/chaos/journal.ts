import { appendFileSync } from 'node:fs';
import type { Disturbance } from './plan.js';
import type { Ending } from './life.js';

/** An attempt that was running, as Postgres said right before its process was killed. */
export interface RunningAttempt {
  readonly jobId: string;
  readonly attempt: number;
}

/** Something that the orchestrator did or saw. */
export type Deed =
  | { readonly kind: 'started'; readonly life: string; readonly pid: number | undefined }
  | { readonly kind: 'ended'; readonly life: string; readonly ending: Ending }
  | {
      readonly kind: 'struck';
      readonly life: string;
      readonly by: Disturbance;
      /** For kills; undefined if Postgres could not be asked. */
      readonly running?: readonly RunningAttempt[] | undefined;
    }
  | { readonly kind: 'healed'; readonly life: string; readonly by: Disturbance }
  | { readonly kind: 'too few to strike'; readonly by: Disturbance }
  | { readonly kind: 'Postgres down'; readonly how: string }
  | { readonly kind: 'Postgres up' }
  | { readonly kind: 'phase'; readonly name: string };

/** A deed and when it was done, in milliseconds since the epoch by the clock of Postgres' host. */
export type Entry = Deed & { readonly at: number };

/** Everything that the orchestrator did, in order; also in a file, for those who come after a failure. */
export class Journal {
  readonly #file: string;
  readonly #aheadMs: number;
  readonly #entries: Entry[] = [];

  /** `aheadMs` is how far the clock of Postgres' host is ahead of this one's. */
  constructor(file: string, aheadMs: number) {
    this.#file = file;
    this.#aheadMs = aheadMs;
  }

  note(deed: Deed): void {
    const entry = { at: Date.now() + this.#aheadMs, ...deed };
    this.#entries.push(entry);
    appendFileSync(this.#file, `${JSON.stringify(entry)}\n`);
  }

  get entries(): readonly Entry[] {
    return this.#entries;
  }

  of<Kind extends Deed['kind']>(kind: Kind): readonly Extract<Entry, { readonly kind: Kind }>[] {
    return this.#entries.filter(
      (entry): entry is Extract<Entry, { readonly kind: Kind }> => entry.kind === kind,
    );
  }
}
