import { Logger, makeWorkerUtils, run, type TaskList, type WorkerUtils } from 'graphile-worker';
import { openPool } from './pool.js';
import type { StartOptions, System } from './system.js';

const SCHEMA = 'bench_graphile';
const silent = new Logger(() => () => undefined);

/**
 * graphile-worker as its performance guide advises: for throughput a local queue and batched completion, for latency
 * neither. It deletes a job that is done, so it writes less than a system that keeps the record.
 */
export async function graphileWorkerSystem(connectionString: string): Promise<System> {
  const admin = openPool(connectionString, 1);
  await admin.query(`drop schema if exists ${SCHEMA} cascade`);
  const pgPool = openPool(connectionString, 20);
  const utils = await makeWorkerUtils({ pgPool, schema: SCHEMA, logger: silent });
  await utils.migrate();
  return {
    name: 'graphile-worker',
    schema: SCHEMA,
    reset: async () => {
      await admin.query(`truncate ${SCHEMA}._private_jobs`);
    },
    analyze: async () => void (await admin.query(`vacuum analyze ${SCHEMA}._private_jobs`)),
    enqueue: async (n) => void (await utils.addJob('noop', { n })),
    enqueueMany: (count) => addJobs(utils, count, {}),
    scheduleMany: (count, runAt) => addJobs(utils, count, { runAt }),
    schedule: async (n, at) => void (await utils.addJob('noop', { n }, { runAt: at })),
    start: (options) => start(connectionString, options),
    close: async () => {
      await utils.release();
      await pgPool.end();
      await admin.end();
    },
  };
}

async function addJobs(utils: WorkerUtils, count: number, shared: { readonly runAt?: Date }): Promise<void> {
  for (let first = 0; first < count; first += 1000) {
    const size = Math.min(1000, count - first);
    await utils.addJobs(
      Array.from({ length: size }, (_, n) => ({ ...shared, identifier: 'noop', payload: { n: first + n } })),
    );
  }
}

async function start(connectionString: string, options: StartOptions): Promise<() => Promise<void>> {
  const { slots, tunedFor, fetchSize, onJob } = options;
  const batching = { localQueue: { size: fetchSize }, completeJobBatchDelay: 0, failJobBatchDelay: 0 };
  const taskList: TaskList = {
    // Its payload is untyped; `enqueue` above is what writes it.
    noop: (payload) => onJob((payload as { n: number }).n),
  };
  const pgPool = openPool(connectionString, 20);
  const runner = await run({
    pgPool,
    schema: SCHEMA,
    logger: silent,
    concurrency: slots,
    noHandleSignals: true,
    taskList,
    pollInterval: 1000,
    preset: { worker: tunedFor === 'throughput' ? batching : {} },
  });
  return async () => {
    await runner.stop();
    await pgPool.end();
  };
}
