/** The worker process of quarantine.test.ts: one of its jobs kills it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { createFirelock } from '../../src/firelock.js';
import { defineJob } from '../../src/job/definition.js';

const innocent = defineJob({ name: 'innocent', queue: 'mixed', handler: () => sleep(400) });
const poison = defineJob({
  name: 'poison',
  queue: 'mixed',
  handler: async () => {
    await sleep(200);
    process.kill(process.pid, 'SIGKILL');
    await new Promise(() => undefined);
  },
});
const firelock = createFirelock({
  connectionString: process.argv[2] ?? '',
  logger: pino({ level: 'silent' }),
});
await firelock.createServer({ jobs: [innocent, poison], queues: { mixed: 30 } }).start();
