import type { Asked } from './ask-server.js';
import type { Statement } from './statement.js';

/** Named by the advisory lock that a server's lease holds on its own connection; the server's id is the other half. */
export function leaseLockName(schema: string): string {
  return `firelock server of ${schema}`;
}

/**
 * Renews a server's lease: $1 its id, $2 the backend as the connection knows it (null: hold no lock), $3 the lock's name,
 * $4 whether the connection holds the lock already, $5 how late the server's event loop was since the renewal before. It
 * answers what is asked of the server: renewals alone tell it, one after the other. No row: the server was declared lost.
 *
 * The advisory lock ends with the connection, so that others see within a second that a killed process is gone. Behind a
 * pooler the session is not ours: the lock would outlive us on a shared connection, or be missing while we live. A
 * pooler invents the backend's number that it tells its clients, so the lock is taken only where the number is true.
 * `session_since` tells which run of Postgres the lock belongs to: after a restart or a failover it says nothing.
 */
export const renewLease: Statement = {
  name: 'renew-lease',
  text: `
    update firelock.servers
    set
      heartbeat_at = clock_timestamp(),
      missing_since = null,
      lag_ms = least($5::double precision, 2147483647),
      session_since = case
        when $4::boolean then session_since
        when pg_backend_pid() = $2::integer and pg_try_advisory_lock(hashtextextended($3::text, id))
          then pg_postmaster_start_time()
      end
    where id = $1::bigint and state = 'running'
    returning session_since is not null as locked, asked`,
};

/** What a renewal answers. */
export interface Renewal {
  readonly locked: boolean;
  readonly asked: Asked | null;
}

/** How late the main thread's event loop is, as it shares it. */
export interface Lateness {
  /** Two 64-bit integers: the instant (hrtime, ns) of its latest tick, and the longest that one was late since that was read. */
  readonly cells: SharedArrayBuffer;
  /** How often it is to tick. */
  readonly everyMs: number;
}

/** What `lease-thread.js` is given. */
export interface LeaseThreadData {
  /** Of its connection; plain data. */
  readonly settings: object;
  /** `renewLease`, in the installation's schema. */
  readonly statement: string;
  readonly lockName: string;
  /** One 64-bit integer: the instant (hrtime, ns) until which the server may count on its lease. */
  readonly cell: SharedArrayBuffer;
  readonly lateness: Lateness;
  readonly timing: {
    readonly everyMs: number;
    /** The pause after a renewal that failed. */
    readonly retryMs: number;
    /** How long a renewal counts. */
    readonly leaseMs: number;
    /** How long the lease counts after the connection that held its lock has ended. */
    readonly absenceMs: number;
  };
}

/** To the thread: the server whose lease it keeps from now on; or, renew it at once. */
export type LeaseThreadMessage =
  | { readonly kind: 'keep'; readonly serverId: string }
  | { readonly kind: 'renew' };

/** From the thread: renewed, and what is asked of the server; declared lost by others; or a renewal failed and is repeated. */
export type LeaseThreadAnswer =
  | { readonly kind: 'renewed'; readonly serverId: string; readonly asked: Asked | null }
  | { readonly kind: 'lost'; readonly serverId: string }
  | { readonly kind: 'failed'; readonly message: string; readonly code?: string };
