/** The worker process of blocked.test.ts: its job blocks the event loop for longer than servers may be silent. */
import { z } from 'zod';
import { pino } from 'pino';
import { createFirelock } from '../../src/firelock.js';
import { defineJob } from '../../src/job/definition.js';

const blocking = defineJob({
  name: 'blocking',
  queue: 'blocking',
  args: z.number(),
  handler: (ms) => {
    const end = performance.now() + ms;
    while (performance.now() < end);
    return 'undisturbed';
  },
});
const firelock = createFirelock({
  connectionString: process.argv[2] ?? '',
  logger: pino({ level: 'silent' }),
});
await firelock.createServer({ jobs: [blocking] }).start();
