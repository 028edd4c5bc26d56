import { property } from '../job/thrown.js';
import type { QueryResult } from '../job/transaction.js';

/** One open transaction on a connection that nobody else uses meanwhile. Ends with exactly one of the last three. */
export interface OpenTransaction {
  /** The process id of its backend in Postgres; undefined where it cannot be known. */
  readonly backend: number | undefined;
  query(text: string, values: readonly unknown[]): Promise<QueryResult<unknown>>;
  commit(): Promise<void>;
  rollback(): Promise<void>;
  /** Waits for nothing; whatever still runs in it, nothing of it can be committed any more. */
  destroy(): void;
}

/** Where transactions come from. */
export interface Transactions {
  /** Opens one; `settings` are SET statements, which take no snapshot: the isolation level may still be chosen. */
  begin(settings: readonly string[]): Promise<OpenTransaction>;
  close(): Promise<void>;
}

/** Whether Postgres has refused, and says so, over a connection that it keeps. From a broken one nothing can be told. */
export function isRefusal(error: unknown): boolean {
  return property(Object(error), 'severity') === 'ERROR';
}
