import { pino } from 'pino';
import { z } from 'zod';
import { createFirelock, defineJob } from '../../src/index.js';
import { openPool } from './pool.js';
import type { StartOptions, System } from './system.js';

const SCHEMA = 'bench_firelock';

/** Firelock with its native engine and its defaults. */
export async function firelockSystem(connectionString: string): Promise<System> {
  const admin = openPool(connectionString, 1);
  await admin.query(`drop schema if exists ${SCHEMA} cascade`);
  const firelock = createFirelock({ connectionString, schema: SCHEMA, logger: pino({ level: 'warn' }) });
  await firelock.migrate();
  const contract = defineJob({ name: 'noop', args: z.object({ n: z.number() }) });
  return {
    name: 'firelock',
    schema: SCHEMA,
    reset: async () => {
      await admin.query(`truncate ${SCHEMA}.jobs, ${SCHEMA}.transitions`);
    },
    analyze: async () => void (await admin.query(`vacuum analyze ${SCHEMA}.jobs`)),
    enqueue: async (n) => void (await firelock.enqueue(contract, { n })),
    enqueueMany: async (count) => {
      await firelock.enqueueMany(
        contract,
        Array.from({ length: count }, (_, n) => ({ n })),
      );
    },
    schedule: async (n, at) => void (await firelock.schedule(contract, { n }, at)),
    scheduleMany: async (count, at) => {
      const args = Array.from({ length: count }, (_, n) => ({ n }));
      await firelock.enqueueMany(contract, args, { delay: at.getTime() - Date.now() });
    },
    start: async ({ slots, onJob }: StartOptions) => {
      const jobs = [contract.withHandler(({ n }) => onJob(n))];
      const server = firelock.createServer({ jobs, queues: { default: slots } });
      await server.start();
      return () => server.stop();
    },
    close: async () => {
      await firelock.close();
      await admin.end();
    },
  };
}
