import { beforeEach, expect, test } from 'vitest';
import { markStopped, registerServer } from '../../src/storage/servers.js';
import type { Executor } from '../../src/storage/statement.js';
import { fileConnection, fileDatabase, fileStorage } from '../database.js';
import { jobRow, putJob } from '../job-rows.js';
import { beat, recoverLost, silence, stateOfServer } from '../lost-servers.js';
import { race } from './contender.js';

const url = await fileDatabase();
const client = await fileConnection(url);
const database = fileStorage(url);
let serverId: string;
let jobId: string;

// A server that has fallen silent over its one job.
beforeEach(async () => {
  await client.query('delete from firelock.jobs');
  await client.query('delete from firelock.servers');
  serverId = await registerServer(database, { name: 'silent', queues: {}, jobNames: [] });
  await silence(client, serverId);
  jobId = await putJob(client, { state: 'processing', serverId });
});

const heartbeat = (executor: Executor) => beat(executor, serverId);
const leave = (executor: Executor) => markStopped(executor, serverId);
const recover = async (executor: Executor) => (await recoverLost(executor)).map(({ id }) => id);

/** Never one without the other: a server that is lost keeps no job, one that is not lost loses none. */
async function outcome() {
  return { server: await stateOfServer(client, serverId), job: (await jobRow(client, jobId))?.state };
}

test('a server whose late heartbeat comes first is not lost and keeps its job (I1)', async () => {
  const { first, second } = await race(url, [heartbeat, recover]);
  expect({ first, second }).toEqual({ first: true, second: [] });
  expect(await outcome()).toEqual({ server: 'running', job: 'processing' });
});

test('a server whose late heartbeat comes second is told that it is lost, and its job is recovered (I5)', async () => {
  const { first, second, waited } = await race(url, [recover, heartbeat]);
  expect({ first, second, waited }).toEqual({ first: [jobId], second: false, waited: true });
  expect(await outcome()).toEqual({ server: 'lost', job: 'enqueued' });
});

test('a heartbeat that waits for a declaration that is rolled back renews the lease (I1)', async () => {
  const { second, waited } = await race(url, [recover, heartbeat], 'rollback');
  expect({ second, waited }).toEqual({ second: true, waited: true });
  expect(await outcome()).toEqual({ server: 'running', job: 'processing' });
  expect(await recover(database)).toEqual([]);
});

test('a heartbeat that is rolled back does not keep a silent server alive (I4)', async () => {
  await race(url, [heartbeat, recover], 'rollback');
  await recover(database);
  expect(await outcome()).toEqual({ server: 'lost', job: 'enqueued' });
});

test('a server that leaves while it is looked for is not called lost, and its job is recovered (I4)', async () => {
  await race(url, [leave, recover]);
  await recover(database);
  expect(await outcome()).toEqual({ server: 'stopped', job: 'enqueued' });
});

test('a server that leaves too late stays lost (I1)', async () => {
  await race(url, [recover, leave]);
  expect(await outcome()).toEqual({ server: 'lost', job: 'enqueued' });
});
