import { expect, test } from 'vitest';
import { z } from 'zod';
import { defineJob } from '../../src/job/definition.js';
import { jobsOf } from '../../src/storage/descendants.js';
import { fileDatabase, fileStorage } from '../database.js';
import { jobInState, openFirelock, startServer } from '../firelock.js';

const url = await fileDatabase();
const database = fileStorage(url);
const child = defineJob({ name: 'child', args: z.number(), handler: () => undefined });
const parent = defineJob({
  name: 'parent',
  handler: async (_, ctx) => [
    await ctx.firelock.enqueue(child, 1, { tags: ['one'] }),
    ...(await ctx.firelock.enqueueMany(child, [2, 3])),
    await ctx.firelock.schedule(child, 4, '1h'),
  ],
});
const transactional = defineJob({
  name: 'transactional',
  transactional: true,
  handler: async (_, ctx) => [await ctx.firelock.enqueue(child, 5, { tx: ctx.tx })],
});

test.each([parent, transactional])(
  'the jobs that the handler of a job ($name) enqueues bear its id',
  async (job) => {
    const firelock = openFirelock(url);
    await startServer(firelock, { jobs: [parent, transactional, child] });
    const outside = await firelock.enqueue(child, 0);
    const originId = await firelock.enqueue(job);
    const { result } = await jobInState(firelock, originId, 'succeeded');
    const ids = z.array(z.string()).parse(result);
    for (const id of ids) expect((await firelock.getJob(id))?.originId).toBe(originId);
    expect((await firelock.getJob(outside))?.originId).toBeUndefined();
    expect((await firelock.getJob(originId))?.originId).toBeUndefined();
    const descendants = await jobsOf(database.kysely, originId, 10);
    expect(descendants.map(({ id }) => id)).toEqual(ids);
    expect(descendants[0]).toMatchObject({ name: 'child', queue: 'default', createdAt: expect.any(Date) });
    expect(await jobsOf(database.kysely, originId, 1)).toHaveLength(1);
  },
);

test('a client that a handler keeps beyond its end still names its job', async () => {
  const firelock = openFirelock(url);
  let enqueue: () => Promise<string> = () => Promise.reject(new Error('it has not run'));
  const keeping = defineJob({
    name: 'keeping',
    handler: (_, { firelock: client }) => void (enqueue = () => client.enqueue(child, 6)),
  });
  await startServer(firelock, { jobs: [keeping] });
  const originId = await firelock.enqueue(keeping);
  await jobInState(firelock, originId, 'succeeded');
  expect((await firelock.getJob(await enqueue()))?.originId).toBe(originId);
});
