import pg from 'pg';

/** Connections of a process' own. They may break at any time, also in the middle of a transaction: the query reports it. */
export function poolOf(config: pg.PoolConfig): pg.Pool {
  const pool = new pg.Pool({ connectionTimeoutMillis: 5000, query_timeout: 10_000, max: 5, ...config });
  // A connection that is checked out reports to itself, and nobody listens there by default.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool.on('error', () => undefined);
}
