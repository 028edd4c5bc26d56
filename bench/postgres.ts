import { startEmbeddedPostgres } from '../src/embedded/embedded-postgres.js';

/** Runs `work` on the Postgres of `DATABASE_URL`, or else on the embedded one of the folder. */
export async function withPostgres(
  work: (connectionString: string) => Promise<void>,
  dataDir = '.firelock/bench-postgres',
): Promise<void> {
  const given = process.env['DATABASE_URL'];
  if (given !== undefined) return work(given);
  const embedded = await startEmbeddedPostgres({
    dataDir,
    database: 'bench',
    settings: {
      shared_preload_libraries: 'pg_stat_statements',
      shared_buffers: '512MB',
      max_wal_size: '4GB',
    },
  });
  try {
    await work(embedded.connectionString);
  } finally {
    await embedded.stop();
  }
}
