/** The worker process of exactly-once.test.ts: writes its effects in ctx.tx, and then waits to be killed or let go. */
import { pino } from 'pino';
import { createFirelock } from '../../src/firelock.js';
import { defineJob } from '../../src/job/definition.js';

const [connectionString = '', mayEnd] = process.argv.slice(2);
const effect = defineJob({
  name: 'effect',
  queue: 'effects',
  transactional: true,
  handler: async (_args, { tx, job: { id } }) => {
    await tx.query('insert into effects (job_id) values ($1)', [id]);
    process.stdout.write('written\n');
    if (mayEnd === undefined) await new Promise(() => undefined);
  },
});
const firelock = createFirelock({ connectionString, logger: pino({ level: 'silent' }) });
await firelock.createServer({ jobs: [effect], queues: { effects: 5 } }).start();
