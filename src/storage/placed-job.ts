/** A job that a statement has just put where a server, or a promoter, must hear of it. */
export interface PlacedJob {
  readonly id: string;
  readonly queue: string;
  /** Milliseconds since the epoch at which a scheduled job is due; null for one that is ready now. */
  readonly dueMs: number | null;
}
