import { MoreJobsMatchError } from '../errors.js';
import { planFor } from '../job/when.js';
import { fixedAt } from '../search/fixed-search.js';
import { formatSearch } from '../search/format-search.js';
import type { Search } from '../search/search.js';
import { recordAct } from '../storage/audit-log.js';
import { type BulkAct, insertBulkAct, type NewBulkAct, takeOver } from '../storage/bulk-acts.js';
import { countMatching, type MatchCount } from '../storage/count-matching.js';
import { databaseNow } from '../storage/database-now.js';
import { listJobs } from '../storage/job-lists.js';
import type { JobSummary } from '../storage/job-summaries.js';
import type { MatchesArgs } from '../storage/job-walk.js';
import { COUNT_LIMIT } from '../storage/job-counts.js';
import {
  appliesIn,
  type BulkRequest,
  type BulkSelection,
  checkRequest,
  checkSelection,
} from './bulk-act-options.js';
import { BulkRunner, type BulkRunnerParts } from './bulk-runner.js';
import { bulkTarget } from './bulk-target.js';

/** What an act on all that match would do. */
export interface BulkPreview {
  readonly matching: MatchCount;
  /** How many of them the act applies to: all, or none, by their state. */
  readonly applicable: MatchCount;
  readonly examples: readonly JobSummary[];
}

const EXAMPLES = 5;
/** Whoever starts an act waits this long at most for what was said to be checked. */
const CHECK_MS = 2000;

/**
 * Acts on all jobs that match a search: carried out in the background, batch by batch, by the process that started them. A
 * process that ends leaves the rest to be resumed by any other.
 */
export class BulkActs {
  readonly #parts: BulkRunnerParts;
  readonly #runner: BulkRunner;

  constructor(parts: BulkRunnerParts) {
    this.#parts = parts;
    this.#runner = new BulkRunner(parts);
  }

  /** Looks before the leap. @throws InvalidOptionsError */
  async preview(selection: BulkSelection): Promise<BulkPreview> {
    const checked = checkSelection(selection);
    const { database } = this.#parts;
    await database.ensureMigrated();
    const [matching, page] = await Promise.all([
      countMatching(database, checked),
      listJobs(database, { ...checked, limit: EXAMPLES }),
    ]);
    const applicable = appliesIn(checked.act, checked.state) ? matching : { count: 0, isExact: true };
    return { matching, applicable, examples: page.jobs };
  }

  /**
   * Starts an act on the jobs that match now; answers its id, by which findBulkAct tells how far it is. Jobs that come into the
   * state later are not touched. Not idempotent, but a second one finds nothing left to do.
   * @throws InvalidOptionsError, MoreJobsMatchError; nothing is started then
   */
  async start(request: BulkRequest): Promise<string> {
    const checked = checkRequest(request);
    const { database } = this.#parts;
    await database.ensureMigrated();
    const search = fixedAt(checked.search, await databaseNow(database));
    const matching = await this.#count({ ...checked, search });
    const act = await this.#newAct(checked, search);
    const id = await database.transaction(async (tx) => {
      const { by, reason } = act;
      const after = { matching };
      await recordAct(tx, { by, act: act.act, subject: 'jobs', target: bulkTarget(act), reason, after });
      return insertBulkAct(tx.kysely, { ...act, expected: matching.isExact ? matching.count : undefined });
    });
    this.#runner.run(id, checked.matchesArgs);
    return id;
  }

  /** Goes on with an act whose process is gone, in this one; answers whether it was so. May be repeated. */
  async resume(id: string, options: { readonly matchesArgs?: MatchesArgs } = {}): Promise<boolean> {
    await this.#parts.database.ensureMigrated();
    if (!(await takeOver(this.#parts.database, id))) return false;
    this.#runner.run(id, options.matchesArgs);
    return true;
  }

  /** Ends an act after the batch under way; answers how it stands, or undefined if it had ended. May be repeated. */
  async stop(id: string, by: string): Promise<BulkAct | undefined> {
    await this.#parts.database.ensureMigrated();
    return this.#runner.end(id, { ending: 'stopped', by });
  }

  /** Resolves when the batches under way are done; the rest is left to be resumed. May be repeated. */
  close(): Promise<void> {
    return this.#runner.close();
  }

  /** A bound that cannot be checked in time counts as exceeded. */
  async #count({ expectedAtMost, ...query }: BulkRequest): Promise<MatchCount> {
    const { database } = this.#parts;
    if (expectedAtMost === undefined) return countMatching(database, query);
    const matching = await countMatching(database, query, CHECK_MS);
    const isCounted = matching.isExact || matching.count === COUNT_LIMIT;
    if (!isCounted || matching.count > expectedAtMost)
      throw new MoreJobsMatchError(matching.count, expectedAtMost);
    return matching;
  }

  async #newAct(
    { act, state, by, reason, when }: BulkRequest,
    search: Search,
  ): Promise<Omit<NewBulkAct, 'expected'>> {
    const facts = { act, state, query: formatSearch(search), by, reason };
    if (when === undefined) return { ...facts, runAt: undefined };
    const { runAt, delayMs } = planFor('reschedule', when);
    if (runAt !== undefined) return { ...facts, runAt };
    // The same instant for all of them, however long it takes.
    const now = await databaseNow(this.#parts.database);
    return { ...facts, runAt: new Date(now.getTime() + delayMs) };
  }
}
