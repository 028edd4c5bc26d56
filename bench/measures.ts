import { setTimeout as sleep } from 'node:timers/promises';
import type { System } from './systems/system.js';

/** Jobs per second of `count` single enqueues, so many of them at a time. */
export async function enqueueOneByOne(system: System, count: number, concurrency: number): Promise<number> {
  let next = 0;
  const started = performance.now();
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      while (next < count) {
        next += 1;
        await system.enqueue(next);
      }
    }),
  );
  return perSecond(count, started);
}

/** Jobs per second of a bulk enqueue. */
export async function enqueueInBulk(system: System, count: number): Promise<number> {
  const started = performance.now();
  await system.enqueueMany(count);
  return perSecond(count, started);
}

/** Jobs per second of a server that finds `count` jobs waiting, until the last is run and settled. */
export async function drain(system: System, { count, slots, fetchSize }: Drain): Promise<number> {
  await system.enqueueMany(count);
  await system.analyze();
  let ran = 0;
  let finish = () => undefined as void;
  const finished = new Promise<void>((resolve) => (finish = resolve));
  const onJob = () => {
    ran += 1;
    if (ran === count) finish();
  };
  const started = performance.now();
  const stop = await system.start({ slots, tunedFor: 'throughput', fetchSize, onJob });
  await finished;
  await stop();
  return perSecond(count, started);
}

interface Drain {
  readonly count: number;
  readonly slots: number;
  readonly fetchSize: number;
}

/** Milliseconds from the call of enqueue to the start of the handler, at a steady rate on an idle server. */
export async function startLatency(system: System, { perSecond, seconds }: Rate): Promise<readonly number[]> {
  const count = perSecond * seconds;
  const enqueuedAt: number[] = [];
  const latencies: number[] = [];
  const onJob = (n: number) => void latencies.push(performance.now() - (enqueuedAt[n] ?? Number.NaN));
  const stop = await system.start({ slots: 10, tunedFor: 'latency', fetchSize: 1, onJob });
  await sleep(500);
  const first = performance.now();
  for (let n = 0; n < count; n += 1) {
    await sleep(Math.max(0, first + (n * 1000) / perSecond - performance.now()));
    enqueuedAt[n] = performance.now();
    await system.enqueue(n);
  }
  while (latencies.length < count) await sleep(20);
  await stop();
  return latencies;
}

interface Rate {
  readonly perSecond: number;
  readonly seconds: number;
}

/** Milliseconds from a job's instant to the start of its handler, while others wait for later instants. */
export async function schedulePrecision(
  system: System,
  { count, spacingMs, others }: Instants,
): Promise<readonly number[]> {
  const late: number[] = [];
  const instants: number[] = [];
  await system.scheduleMany(others, new Date(Date.now() + 86_400_000));
  const onJob = (n: number) => void late.push(Date.now() - (instants[n] ?? Number.NaN));
  const stop = await system.start({ slots: 10, tunedFor: 'latency', fetchSize: 1, onJob });
  const first = Date.now() + 2000;
  for (let n = 0; n < count; n += 1) {
    instants[n] = first + n * spacingMs;
    await system.schedule(n, new Date(first + n * spacingMs));
  }
  while (late.length < count) await sleep(20);
  await stop();
  return late;
}

interface Instants {
  readonly count: number;
  readonly spacingMs: number;
  readonly others: number;
}

function perSecond(count: number, started: number): number {
  return (count / (performance.now() - started)) * 1000;
}
