import type { End } from './operation.js';

/** An attempt as a server was given it; jobs are numbered in the order of their creation. */
export interface Attempt {
  readonly job: number;
  readonly attempt: number;
}

/** What each server was given and believes to run, rightly or not: it does not know of what was taken from it. */
export class Beliefs {
  readonly #given: Attempt[][] = [];

  give(server: number, attempts: readonly Attempt[]): void {
    this.#of(server).push(...attempts);
  }

  jobsOf(server: number): readonly number[] {
    return this.#of(server).map(({ job }) => job);
  }

  /** The answer of a claim was lost: the server never heard of its latest attempt. */
  forgetLatest(server: number): void {
    this.#of(server).pop();
  }

  /**
   * The attempts that a server says have ended. Those that others were given, or that never were, it only speaks of. Of
   * two attempts of one job in the same call the answer cannot tell which was refused, so there is one at most.
   */
  end(server: number, ends: readonly End[]): readonly (Attempt & { readonly end: End })[] {
    const ended = new Map<number, Attempt & { readonly end: End }>();
    for (const end of ends) {
      const mine = this.#of(server);
      const list = end.writer === 'another server' ? this.#of(server === 0 ? 1 : server - 1) : mine;
      const place = end.pick % list.length;
      const meant = list[place];
      if (meant === undefined || ended.has(meant.job)) continue;
      if (end.writer === 'the server') mine.splice(place, 1);
      const attempt = meant.attempt + (end.writer === 'an attempt too high' ? 1 : 0);
      ended.set(meant.job, { job: meant.job, attempt, end });
    }
    return [...ended.values()];
  }

  #of(server: number): Attempt[] {
    return (this.#given[server] ??= []);
  }
}
