/**
 * How long an answer may take before the connection counts as dead. A statement that has run out of time is given twice as
 * long the next time: it may have been the database that was slow.
 */
export class Patience {
  readonly #firstMs: number;
  readonly #lastMs: number;
  readonly #limits = new Map<string, number>();

  constructor({ firstMs, lastMs }: { readonly firstMs: number; readonly lastMs: number }) {
    this.#firstMs = firstMs;
    this.#lastMs = lastMs;
  }

  limitMs(statement: string): number {
    return this.#limits.get(statement) ?? this.#firstMs;
  }

  answered(statement: string): void {
    this.#limits.delete(statement);
  }

  ranOut(statement: string): void {
    this.#limits.set(statement, Math.min(2 * this.limitMs(statement), this.#lastMs));
  }
}
