/** The worker process of recovery.test.ts: runs jobs that never end, until it is killed. */
import { pino } from 'pino';
import { createFirelock } from '../../src/firelock.js';
import { defineJob } from '../../src/job/definition.js';

const endless = defineJob({ name: 'endless', queue: 'endless', handler: () => new Promise(() => undefined) });
const firelock = createFirelock({
  connectionString: process.argv[2] ?? '',
  logger: pino({ level: 'silent' }),
});
await firelock.createServer({ jobs: [endless] }).start();
