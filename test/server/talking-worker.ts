/** The worker process of output.test.ts: its job says a line every 20 ms, here and on standard output, until it is killed. */
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { createFirelock } from '../../src/firelock.js';
import { defineJob } from '../../src/job/definition.js';

const talks = defineJob({
  name: 'talks',
  queue: 'talks',
  handler: async (_args, { log }) => {
    for (let n = 1; ; n += 1) {
      log.info(`line ${n}`);
      process.stdout.write(`${n}\n`);
      await sleep(20);
    }
  },
});
const firelock = createFirelock({
  connectionString: process.argv[2] ?? '',
  logger: pino({ level: 'silent' }),
});
await firelock.createServer({ jobs: [talks] }).start();
