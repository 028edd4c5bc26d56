/** A process of the load: a server that runs the jobs of all names, until its parent leaves. */
import { pino } from 'pino';
import { createFirelock } from '../../src/index.js';
import { PAUSED, queues, withHandlers } from './jobs.js';
import { tell } from './tell.js';

const [connectionString = ''] = process.argv.slice(2);
/** What the database was filled with is not to expire. */
const retention = { succeeded: '300d', deleted: '300d', dead: '300d' } as const;
const firelock = createFirelock({ connectionString, retention, logger: pino({ level: 'silent' }) });
let ended = 0;
firelock.on('job:succeeded', () => (ended += 1));
firelock.on('job:failed', () => (ended += 1));
firelock.on('job:dead', () => (ended += 1));
const server = firelock.createServer({
  jobs: withHandlers(),
  queues: Object.fromEntries(queues.filter((queue) => queue !== PAUSED).map((queue) => [queue, 20])),
});
await server.start();
const report = setInterval(() => tell(ended), 200);
process.once('disconnect', () => void leave());

async function leave(): Promise<void> {
  clearInterval(report);
  await server.stop({ grace: '5s' });
  await firelock.close();
}
