/** A process of the load: enqueues so many jobs a second, one at a time as applications do, until its parent leaves. */
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { createFirelock } from '../../src/index.js';
import { contracts } from './jobs.js';
import { tell } from './tell.js';

const [connectionString = '', rate = '0'] = process.argv.slice(2);
const firelock = createFirelock({ connectionString, logger: pino({ level: 'warn' }) });
const startedAt = performance.now();
const over = new AbortController();
const underWay = new Set<Promise<void>>();
let begun = 0;
let enqueued = 0;
process.once('disconnect', () => over.abort());
const report = setInterval(() => tell(enqueued), 200);

while (!over.signal.aborted) {
  const due = Math.floor(((performance.now() - startedAt) / 1000) * Number(rate));
  for (; begun < due; begun += 1) start(begun);
  await sleep(5);
}
await Promise.all(underWay);
clearInterval(report);
await firelock.close();

function start(n: number): void {
  const call = enqueue(n).finally(() => underWay.delete(call));
  underWay.add(call);
}

async function enqueue(n: number): Promise<void> {
  const contract = contracts[n % contracts.length];
  if (contract === undefined) return;
  const order = { id: n, total: n % 977, currency: 'EUR' };
  await firelock.enqueue(contract, { userId: n % 100_000, order });
  enqueued += 1;
}
