/** A client process of a chaos run: orders at a steady rate, deletes some of what it ordered, and tells what was confirmed. */
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { createFirelock } from '../../src/firelock.js';
import { deleteWhileItRuns } from './deletion.js';
import { loose } from './jobs.js';
import { draw, usual } from './menu.js';
import { assignment, tell } from './messages.js';
import { abandonOrder, placeOrder } from './place-order.js';
import { poolOf } from './pool.js';
import { randomOf } from './random.js';

/** More than that wait for a Postgres that is away: the others are not placed. */
const AT_ONCE = 20;

const { name, connectionString, seed, jobsPerSecond } = assignment();
const logger = pino({ name });
const pool = poolOf({ connectionString });
const firelock = createFirelock({ connectionString, logger });
const shop = { pool, firelock };
const random = randomOf(seed, name);
const leaving = new AbortController();
const underWay = new Set<Promise<void>>();

process.once('SIGTERM', () => leaving.abort());
tell({ kind: 'ready' });
for (let number = 0; !leaving.signal.aborted; number += 1) {
  if (underWay.size < AT_ONCE) follow(one(`${name}/${number}`));
  await sleep((random.between(0, 2) * 1000) / jobsPerSecond, undefined, { signal: leaving.signal }).catch(
    () => undefined,
  );
}
while (underWay.size > 0) await Promise.all(underWay);
await firelock.close();
await pool.end();
process.disconnect();

function follow(work: Promise<void>): void {
  const followed = work
    // Whether it was committed all the same is told by the tables.
    .catch((error: unknown) => logger.warn({ error }, 'a call failed'))
    .finally(() => underWay.delete(followed));
  underWay.add(followed);
}

async function one(id: string): Promise<void> {
  const luck = random.between(0, 1);
  if (luck < 0.15) {
    const job = await firelock.enqueue(loose, { ms: usual(random) });
    return tell({ kind: 'enqueued', job });
  }
  const order = draw(id, random);
  if (luck < 0.2) return abandonOrder(shop, order);
  const job = await placeOrder(shop, order);
  tell({ kind: 'placed', order: id });
  if (order.kind === 'doomed') follow(deleteWhileItRuns(shop, job, leaving.signal));
}
