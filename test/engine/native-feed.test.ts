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

/** A feed whose attempts all end together, each as `settlementOf` says, when `end` is called, or as soon as they have begun. */
async function feedThatEndsAtOnce(
  queue: string,
  settlementOf: (n: number) => Settlement,
  { endsAtOnce = () => false }: { readonly endsAtOnce?: (n: number) => boolean } = {},
) {
  const id = await registerServer(storage, { name: 'feed', queues: { [queue]: 10 }, jobNames: [queue] });
  const begun: number[] = [];
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
      const n = args as number;
      begun.push(n);
      if (!endsAtOnce(n)) await new Promise<void>((resolve) => running.push(resolve));
      return settlementOf(n);
    },
    onSettled: (ended) => settled.push(ended),
    onStale: (ended) => stale.push(ended),
    onError: () => undefined,
  });
  onTestFinished(() => feed.close());
  return {
    feed,
    begun,
    running,
    settled,
    stale,
    end: () => running.splice(0).forEach((resolve) => resolve()),
  };
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

test('I11: what was claimed ahead goes back when the queue is paused, and is not started when slots are free', async () => {
  const { feed, begun, running, end } = await feedThatEndsAtOnce('ahead', () => ({ state: 'succeeded' }), {
    endsAtOnce: (n) => n < 20_000,
  });
  await firelock().enqueueMany(
    numbered('ahead'),
    Array.from({ length: 30_000 }, (_, n) => n),
  );
  feed.wake();
  await eventually('more is claimed than runs', () => running.length === 10 && feed.held().length > 10);
  await client.query(`insert into firelock.queue_pauses (queue) values ('ahead')`);
  const soFar = begun.length;
  feed.holdBack();
  end();
  await feed.idle();
  expect(begun).toHaveLength(soFar);
  const { rows } = await client.query(
    `select state, count(*)::integer as count from firelock.jobs where queue = 'ahead' group by state order by state`,
  );
  expect(rows).toEqual([
    { state: 'enqueued', count: 30_000 - soFar },
    { state: 'succeeded', count: soFar },
  ]);
});

test('I11: a claim whose answer comes after the pause was heard of starts nothing', async () => {
  const { feed, running, end } = await feedThatEndsAtOnce('late', () => ({ state: 'succeeded' }));
  const [first = ''] = await firelock().enqueueMany(numbered('late'), [0]);
  feed.wake();
  await eventually('it runs', () => running.length === 1);
  const [second = ''] = await firelock().enqueueMany(numbered('late'), [1]);
  const holder = await connect(url);
  await holder.query('begin');
  await holder.query('select from firelock.jobs where id = $1 for update', [first]);
  // One call claims the second job and waits for the row of the first, which it is to settle.
  feed.wake();
  end();
  await eventually('it has claimed', async () => (await client.query(lockedJobs, [second])).rowCount === 0);
  await client.query(`insert into firelock.queue_pauses (queue) values ('late')`);
  feed.holdBack();
  await holder.query('commit');
  await feed.idle();
  expect(running).toHaveLength(0);
  expect(await firelock().getJob(second)).toMatchObject({ state: 'enqueued', attempt: 1, uncounted: 1 });
});

const lockedJobs = 'select from firelock.jobs where id = $1 for update skip locked';
