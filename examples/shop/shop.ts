import pg from 'pg';
import { createFirelock, type Firelock, type Logger } from '../../src/index.js';
import { createTables } from './tables.js';

/** What every part of the shop works with. */
export interface Shop {
  readonly pool: pg.Pool;
  readonly firelock: Firelock;
  readonly close: () => Promise<void>;
}

/** Opens the shop's database, with its own tables and Firelock's. Any number of processes may do so at once. */
export async function openShop(connectionString: string, logger: Logger): Promise<Shop> {
  const pool = new pg.Pool({ connectionString, max: 20 });
  pool.on('error', (error) => {
    // The pool counts as ended before its connections are: Postgres may still break one off.
    if (!pool.ending) logger.warn({ err: error }, 'an idle connection was lost; the pool makes another');
  });
  const firelock = createFirelock({ pool, logger });
  const close = async () => {
    await firelock.close();
    await pool.end();
  };
  try {
    await firelock.migrate();
    await createTables(pool);
  } catch (error) {
    await close();
    throw error;
  }
  return { pool, firelock, close };
}
