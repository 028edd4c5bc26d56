import { beforeEach, expect, test } from 'vitest';
import { registerServer } from '../../src/storage/servers.js';
import { type Sighting, watchServers } from '../../src/storage/watch.js';
import { fileConnection, fileDatabase, fileStorage } from '../database.js';
import { putJob } from '../job-rows.js';

const url = await fileDatabase();
const client = await fileConnection(url);
const database = fileStorage(url);

beforeEach(async () => {
  await client.query('truncate firelock.jobs, firelock.servers restart identity cascade');
});

/** Ids of servers that have slots for the queue and handlers for the jobs. */
function register(count: number, queue = 'emails', jobNames = ['job']): Promise<string[]> {
  const servers = Array.from({ length: count }, () => ({ name: 'server', queues: { [queue]: 1 }, jobNames }));
  return Promise.all(servers.map((server) => registerServer(database, server)));
}

function look(): Promise<Sighting> {
  return watchServers(database, { schema: 'firelock', serverId: '0', silenceMs: 20_000, absenceMs: 2500 });
}

test('a queue is ready when a job waits in it that some server has a handler for', async () => {
  await register(1);
  await register(1, 'reports', ['other']);
  await putJob(client, { state: 'enqueued', queue: 'emails', recoveries: 0 });
  await putJob(client, { state: 'enqueued', queue: 'reports', recoveries: 0 });
  await putJob(client, { state: 'enqueued', queue: 'unserved', recoveries: 0 });
  expect(await look()).toMatchObject({ ready: ['emails'], suspect: [], lost: [], absentMs: null });
});

test.each([
  { servers: 1, named: 1 },
  { servers: 2, named: 1 },
  { servers: 5, named: 3 },
  { servers: 10, named: 5 },
])('of $servers servers that could run a suspect, $named are named', async ({ servers, named }) => {
  const able = await register(servers);
  await register(3, 'reports');
  await register(3, 'emails', ['other']);
  await putJob(client, { state: 'enqueued', queue: 'emails', recoveries: 2 });
  const { ready, suspect } = await look();
  expect(ready).toEqual([]);
  expect(suspect).toHaveLength(1);
  const [{ queue, serverIds } = { queue: '', serverIds: [] }] = suspect;
  expect(queue).toBe('emails');
  expect(new Set(serverIds).size).toBe(named);
  expect(able).toEqual(expect.arrayContaining([...serverIds]));
});

test('I11: jobs and suspects that wait in a paused queue wake nobody', async () => {
  await register(1);
  await register(1, 'reports');
  for (const queue of ['emails', 'reports'])
    for (const recoveries of [0, 2]) await putJob(client, { state: 'enqueued', queue, recoveries });
  await client.query(`insert into firelock.queue_pauses (queue) values ('emails')`);
  expect(await look()).toMatchObject({ ready: ['reports'], suspect: [{ queue: 'reports' }] });
  await client.query('truncate firelock.queue_pauses');
  expect((await look()).ready.toSorted()).toEqual(['emails', 'reports']);
});
