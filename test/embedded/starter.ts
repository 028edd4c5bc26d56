// A process that starts an embedded Postgres and reports on stdout, one line of JSON each. Run by starter-process.ts.
import { setInterval } from 'node:timers';
import type * as EmbeddedPostgresModule from '../../src/embedded/embedded-postgres.js';
import { query } from './query.js';
import type { Order, Report } from './starter-process.js';

// Both come from starter-process.ts.
const { module, options, leave } = JSON.parse(process.argv[2] ?? '') as Order;
const { startEmbeddedPostgres } = (await import(module)) as typeof EmbeddedPostgresModule;

function report(line: Report): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

try {
  const postgres = await startEmbeddedPostgres({ durable: false, ...options });
  report({ event: 'started', ...postgres });
  if (!leave) {
    const alive = setInterval(() => undefined, 60_000);
    const stop = async () => {
      await postgres.stop();
      clearInterval(alive);
    };
    const drain = async () => {
      await query(postgres.connectionString, 'select pg_sleep(0.5)');
      report({ event: 'drained' });
      await stop();
    };
    process.once('SIGINT', () => void drain());
    process.once('SIGTERM', () => void stop());
  }
} catch (error) {
  report({ event: 'failed', name: (error as Error).name, message: (error as Error).message }); // ours is an Error
}
