import { expect, test } from 'vitest';
import { channelOf, decode, encode, type Notification, notify } from '../../src/storage/notification.js';
import { fileConnection, fileDatabase, fileStorage } from '../database.js';
import { eventually } from '../eventually.js';

const url = await fileDatabase();
const client = await fileConnection(url);
const database = fileStorage(url);

test('a thousand cancelled attempts with the longest ids there can be are heard of, in a few notifications', async () => {
  const attempts = Array.from({ length: 1000 }, (_, n) => ({
    id: String(9_223_372_036_854_775_807n - BigInt(n)),
    attempt: 2_147_483_647,
  }));
  const heard: (Notification | undefined)[] = [];
  client.on('notification', ({ payload = '' }) => heard.push(decode(payload)));
  await client.query(`listen "${channelOf('firelock')}"`);
  await notify(database, channelOf('firelock'), [{ kind: 'cancelled', attempts }]);
  await eventually('all are heard', () => heard.length === 4);
  expect(heard.flatMap((each) => (each?.kind === 'cancelled' ? each.attempts : []))).toEqual(attempts);
});

test.each([
  { kind: 'ready', queue: 'emails' },
  { kind: 'scheduled', dueMs: 1_790_000_000_000.5 },
  { kind: 'paused', queue: 'emails' },
  { kind: 'recurring' },
  { kind: 'watched', serverId: '7' },
  { kind: 'asked', serverId: '7' },
  { kind: 'suspect', queue: 'emails', serverIds: ['7', '12'] },
  { kind: 'cancelled', attempts: [{ id: '12', attempt: 3 }] },
] as const)('what is said is heard: %j', (notification) => {
  expect(encode(notification).map(decode)).toEqual([notification]);
});

test.each(['', 'ready', 'scheduled soon', 'halted emails', 'paused', 'CANCELLED 1.1'])(
  '%j says nothing to this release',
  (payload) => {
    expect(decode(payload)).toBeUndefined();
  },
);

test('of a list of cancelled attempts, what is none is passed over', () => {
  expect(decode('cancelled 12.3,x,7,8.,9.1')).toEqual({
    kind: 'cancelled',
    attempts: [
      { id: '12', attempt: 3 },
      { id: '9', attempt: 1 },
    ],
  });
});
