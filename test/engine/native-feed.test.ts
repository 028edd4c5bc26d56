import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { NativeFeed } from '../../src/engine/native/native-feed.js';
import type { Ended } from '../../src/engine/engine.js';
import { defineJob } from '../../src/job/definition.js';
import type { Settlement } from '../../src/job/transition.js';
import { registerServer } from '../../src/storage/servers.js';
import { fileConnection, fileDatabase, fileStorage } from '../database.js';
import { eventually } from '../eventually.js';
import { connect, jobInState, openFirelock } from '../firelock.js';

const url = await fileDatabase();
const client = await fileConnection(url);
const storage = fileStorage(url);
const firelock = () => openFirelock(url);

/** A feed whose attempts all end together, each as `settlementOf` says, when `end` is called. */
async function feedThatEndsAtOnce(queue: string, settlementOf: (n: number) => Settlement) {
  const id = await registerServer(storage, { name: 'feed', queues: { [queue]: 10 }, jobNames: [queue] });
  const running: (() => void)[] = [];
  const settled: Ended[] = [];
  const stale: Ended[] = [];
  const feed = new NativeFeed(storage, {
    serverId: () => id,
    queue,
    slots: 10,
    names: [queue],
    mayClaim: () => true,
    perform: async ({ args }) => {
      await new Promise<void>((resolve) => running.push(resolve));
      return settlementOf(args as number);
    },
    onSettled: (ended) => settled.push(ended),
    onStale: (ended) => stale.push(ended),
    onError: () => undefined,
  });
  onTestFinished(() => feed.close());
  return { feed, running, settled, stale, end: () => running.splice(0).forEach((resolve) => resolve()) };
}

function numbered(queue: string) {
  return defineJob({ name: queue, queue, args: z.number() });
}

test('I10: a value that Postgres refuses is replaced by a note, and its neighbours in the batch are settled as they are', async () => {
  const refused: Settlement[] = [
    { state: 'succeeded', result: '"\\u0000"' },
    { state: 'dead', error: { name: 'Error', message: 'a NUL: \0' } },
    { state: 'succeeded', result: `${'['.repeat(20_000)}${']'.repeat(20_000)}` },
  ];
  const { feed, running, settled, end } = await feedThatEndsAtOnce(
    'refused',
    (n) => refused[n] ?? { state: 'succeeded', result: `"${n}"` },
  );
  const ids = await firelock().enqueueMany(numbered('refused'), [0, 1, 2, 3, 4, 5]);
  feed.wake();
  await eventually('all run', () => running.length === 6);
  end();
  await eventually('all are settled', () => settled.length === 6);
  const jobs = await Promise.all(ids.map((id) => firelock().getJob(id)));
  const note = { resultNotStored: expect.any(String) as string };
  expect(jobs.map((job) => [job?.state, job?.result])).toEqual([
    ['succeeded', note],
    ['dead', undefined],
    ['succeeded', note],
    ['succeeded', '3'],
    ['succeeded', '4'],
    ['succeeded', '5'],
  ]);
  expect(jobs[1]?.history.at(-1)?.error?.message).toContain('could not be stored');
});

test('a job whose row another transaction holds delays no other: it is settled when the row is free', async () => {
  const { feed, running, settled, end } = await feedThatEndsAtOnce('held', () => ({ state: 'succeeded' }));
  const [held = '', ...others] = await firelock().enqueueMany(numbered('held'), [0, 1, 2, 3]);
  feed.wake();
  await eventually('all run', () => running.length === 4);
  const holder = await connect(url);
  await holder.query('begin');
  await holder.query('select from firelock.jobs where id = $1 for update', [held]);
  end();
  for (const id of others) await jobInState(firelock(), id, 'succeeded');
  expect((await firelock().getJob(held))?.state).toBe('processing');
  await holder.query('rollback');
  await jobInState(firelock(), held, 'succeeded');
  expect(settled).toHaveLength(4);
});

test('I5: the holder may also have deleted it: then its end is stale', async () => {
  const { feed, running, settled, stale, end } = await feedThatEndsAtOnce('gone', () => ({
    state: 'succeeded',
  }));
  const [gone = '', other = ''] = await firelock().enqueueMany(numbered('gone'), [0, 1]);
  feed.wake();
  await eventually('both run', () => running.length === 2);
  const holder = await connect(url);
  await holder.query('begin');
  await firelock().delete(gone, { tx: holder });
  end();
  await jobInState(firelock(), other, 'succeeded');
  await holder.query('commit');
  await eventually('it is told', () => stale.length === 1);
  expect(stale[0]?.job.id).toBe(gone);
  expect(settled.map(({ job }) => job.id)).toEqual([other]);
  const { rows } = await client.query('select state from firelock.jobs where id = $1', [gone]);
  expect(rows).toEqual([{ state: 'deleted' }]);
});
