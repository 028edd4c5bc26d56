import { basename } from 'node:path';
import type { Definer as DefinerFacts } from '../storage/define-recurring-job.js';

/**
 * Says, with each definition, which program made it and since when it runs: a recurring job that an earlier start of the
 * same program defined, and the latest one did not, has vanished from the code.
 */
export class Definer {
  #since: Date | undefined;

  /** `now` is the database's clock. */
  at(now: Date): DefinerFacts {
    this.#since ??= now;
    return { program: basename(process.argv[1] ?? 'node'), since: this.#since };
  }
}
