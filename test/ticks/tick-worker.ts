/** A server of `ticks.ts`: fires and runs a job every second until it is killed. */
import { pino } from 'pino';
import { createFirelock } from '../../src/firelock.js';
import { tick } from './tick.js';

const firelock = createFirelock({
  connectionString: process.argv[2] ?? '',
  logger: pino({ level: 'silent' }),
});
await firelock.createServer({ jobs: [tick.withHandler(() => undefined)] }).start();
