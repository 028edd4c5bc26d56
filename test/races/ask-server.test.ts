import { beforeEach, expect, test } from 'vitest';
import { askServer, quiet, type ServerAct, stop, wake } from '../../src/storage/ask-server.js';
import { findServer, markStopped, registerServer } from '../../src/storage/servers.js';
import type { Executor } from '../../src/storage/statement.js';
import { fileDatabase, fileStorage } from '../database.js';
import { race } from './contender.js';

const url = await fileDatabase();
const database = fileStorage(url);
let serverId: string;

// A server that is quiet.
beforeEach(async () => {
  serverId = await registerServer(database, { name: 'server', queues: {}, jobNames: [] });
  await ask(quiet)(database);
});

const ask = (act: ServerAct) => async (executor: Executor) =>
  (await askServer(executor, act, { serverId, by: undefined }))?.before;

test.each([
  { earlier: wake, later: stop, answer: null },
  { earlier: stop, later: wake, answer: undefined },
  { earlier: stop, later: quiet, answer: undefined },
])('of a $earlier.kind and a $later.kind that meet, the stop stays', async ({ earlier, later, answer }) => {
  const { first, second, waited } = await race(url, [ask(earlier), ask(later)]);
  expect({ first, second, waited }).toEqual({ first: 'quiet', second: answer, waited: true });
  expect(await findServer(database.kysely, serverId)).toMatchObject({ asked: 'stop' });
});

test('nothing is asked of a server that leaves meanwhile', async () => {
  const leave = (executor: Executor) => markStopped(executor, serverId);
  const { second, waited } = await race(url, [leave, ask(stop)]);
  expect({ second, waited }).toEqual({ second: undefined, waited: true });
  expect(await findServer(database.kysely, serverId)).toMatchObject({ state: 'stopped', asked: 'quiet' });
});
