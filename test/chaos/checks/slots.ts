import { setTimeout as sleep } from 'node:timers/promises';
import type { Firelock } from '../../../src/firelock.js';
import { eventually } from '../../eventually.js';
import { hold } from '../jobs.js';
import type { Shop } from '../place-order.js';
import type { Finding } from './finding.js';

const LIMIT_MS = 20_000;
/** Long enough for a server to claim one too many. */
const A_WHILE_MS = 1500;

/** Enqueues one job more than there are slots, all of which hold theirs until every slot is taken. */
export async function slotsAreUsable(shop: Shop, queue: string, slots: number): Promise<Finding> {
  const { pool, firelock } = shop;
  const claim = `I8: the ${slots} slots of the queue ${queue} are all usable, and no more`;
  const ids = await firelock.enqueueMany(hold, Array.from({ length: slots + 1 }), { queue });
  const running = () => countRunning(shop, ids);
  const taken = await eventually('all run', async () => (await running()) >= slots, LIMIT_MS).catch(
    () => false,
  );
  if (taken) await sleep(A_WHILE_MS);
  const count = await running();
  await pool.query('insert into chaos.open_gates values ($1)', [queue]);
  const ended = await eventually('all ended', () => haveEnded(firelock, ids), LIMIT_MS).catch(() => false);
  return {
    claim,
    broken: [
      ...(count === slots ? [] : [`${count} ran at once`]),
      ...(ended ? [] : ['not all of them have ended']),
    ],
  };
}

async function countRunning({ pool }: Shop, ids: readonly string[]): Promise<number> {
  const { rowCount } = await pool.query(
    'select distinct job_id from chaos.attempts where job_id = any($1) except select job_id from chaos.effects',
    [ids],
  );
  return rowCount ?? 0;
}

async function haveEnded(firelock: Firelock, ids: readonly string[]): Promise<boolean> {
  const jobs = await Promise.all(ids.map((id) => firelock.getJob(id)));
  return jobs.every((job) => job?.state === 'succeeded');
}
