import { pino } from 'pino';
import { z } from 'zod';
import { createFirelock, defineJob, type Firelock } from '../../src/index.js';
import { median } from '../report.js';
import { Child } from './child.js';

const lists = ['jobs', 'enqueued', 'scheduled', 'processing', 'failed', 'dead', 'succeeded', 'deleted'];

/** What is open meanwhile. */
const openPages: Readonly<Record<string, readonly string[]>> = {
  'one home page': ['/'],
  'ten lists': [...lists.map((list) => `/${list}`), '/dead?order=reversed', '/succeeded?q=tag%3Avip'],
};

const JOBS = 100_000;
const SLOTS = 50;
const contract = defineJob({ name: 'drained', queue: 'drained', args: z.object({ n: z.number() }) });

/** What open pages cost the servers: how fast a queue is drained with them and without, by turns. */
export async function compareDrains(connectionString: string, rounds: number): Promise<string> {
  const firelock = createFirelock({
    connectionString,
    logger: pino({ level: 'warn' }),
    retention: { succeeded: '300d', deleted: '300d', dead: '300d' },
  });
  const lines = [
    `a queue of ${JOBS} jobs, ${SLOTS} slots, while pages are open that renew themselves every 2 s`,
  ];
  for (const [title, paths] of Object.entries(openPages)) {
    const ratios: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const withPages = () => drainWith(firelock, connectionString, paths);
      // Whoever goes first finds the machine cooler: they take turns.
      const first = round % 2 === 0 ? await withPages() : undefined;
      const without = await drain(firelock);
      const figure = first ?? (await withPages());
      ratios.push(figure / without);
      lines.push(`  ${title}: ${figure.toFixed(0)} jobs/s with, ${without.toFixed(0)} without`);
    }
    lines.push(`${title}: with : without, median of ${rounds}: ${median(ratios).toFixed(3)}`);
  }
  await firelock.close();
  return lines.join('\n');
}

async function drainWith(
  firelock: Firelock,
  connectionString: string,
  paths: readonly string[],
): Promise<number> {
  const pages = new Child('open-pages.ts', [connectionString, ...paths]);
  await pages.started();
  const figure = await drain(firelock);
  await pages.stop();
  return figure;
}

/** Jobs a second of a server that finds them waiting, until the last is run. */
async function drain(firelock: Firelock): Promise<number> {
  await firelock.enqueueMany(
    contract,
    Array.from({ length: JOBS }, (_, n) => ({ n })),
  );
  let ran = 0;
  let finish = () => undefined as void;
  const finished = new Promise<void>((resolve) => (finish = resolve));
  const job = contract.withHandler(() => {
    ran += 1;
    if (ran === JOBS) finish();
  });
  const server = firelock.createServer({ jobs: [job], queues: { drained: SLOTS } });
  const startedAt = performance.now();
  await server.start();
  await finished;
  const ms = performance.now() - startedAt;
  await server.stop();
  return (JOBS / ms) * 1000;
}
