import pg from 'pg';

/** A pool that bears it when Postgres is stopped right after it was ended: its sockets close a moment later. */
export function openPool(connectionString: string, max: number): pg.Pool {
  const pool = new pg.Pool({ connectionString, max });
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}
