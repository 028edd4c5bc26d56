import { expect, test } from 'vitest';
import type { Firelock } from '../../src/firelock.js';
import { listAuditLog } from '../../src/storage/audit-log.js';
import { findServer, markStopped, registerServer } from '../../src/storage/servers.js';
import { version } from '../../src/version.js';
import { fileDatabase, fileStorage } from '../database.js';
import { openFirelock } from '../firelock.js';

const url = await fileDatabase();
const storage = fileStorage(url);

function register(former?: string): Promise<string> {
  return registerServer(storage, { name: 'server', queues: {}, jobNames: [] }, former);
}

async function said(firelock: Firelock, id: string, acts: readonly ('quiet' | 'wake' | 'stop')[]) {
  const answers: boolean[] = [];
  for (const act of acts) answers.push(await firelock[`${act}Server`](id));
  return answers;
}

test('a running server can be asked to be quiet, and woken; either may be repeated', async () => {
  const firelock = openFirelock(url);
  const id = await register();
  expect(await said(firelock, id, ['quiet', 'quiet'])).toEqual([true, true]);
  expect(await findServer(storage.kysely, id)).toMatchObject({ asked: 'quiet', askedAt: expect.any(Date) });
  expect(await said(firelock, id, ['wake', 'wake'])).toEqual([true, false]);
  expect(await findServer(storage.kysely, id)).toMatchObject({ asked: undefined, askedAt: undefined });
});

test('a server that was asked to stop does not come back from that', async () => {
  const firelock = openFirelock(url);
  const id = await register();
  await firelock.quietServer(id);
  expect(await said(firelock, id, ['stop', 'quiet', 'wake', 'stop'])).toEqual([true, false, false, true]);
  expect(await findServer(storage.kysely, id)).toMatchObject({ state: 'running', asked: 'stop' });
});

test('nothing is asked of a server that has left, or that there is not', async () => {
  const firelock = openFirelock(url);
  const id = await register();
  await markStopped(storage, id);
  expect(await said(firelock, id, ['quiet', 'wake', 'stop'])).toEqual([false, false, false]);
  expect(await said(firelock, '999999999999999999', ['quiet', 'stop'])).toEqual([false, false]);
});

test('who asks is told with the server, and every act is in the audit log with what it replaced', async () => {
  const firelock = openFirelock(url);
  const id = await register();
  await firelock.quietServer(id, { by: 'ann', reason: 'its disk \0is full' });
  expect(await findServer(storage.kysely, id)).toMatchObject({ askedBy: 'ann' });
  await firelock.wakeServer(id, { by: 'ben' });
  expect(await findServer(storage.kysely, id)).toMatchObject({ askedBy: undefined });
  await firelock.wakeServer(id, { by: 'too late' });
  await firelock.stopServer(id);
  await firelock.stopServer(id, { by: 'ann' });
  const { entries } = await listAuditLog(storage.kysely, {
    limit: 10,
    on: { subject: 'server', target: id },
  });
  expect(entries).toMatchObject([
    { act: 'stop', by: 'ann', before: 'stop', after: 'stop', reason: undefined },
    { act: 'wake', by: 'ben', before: 'quiet', after: undefined },
    { act: 'quiet', by: 'ann', before: undefined, after: 'quiet', reason: 'its disk \uFFFDis full' },
  ]);
  expect(entries).toHaveLength(3);
});

test.each(['', '1.5', '-1', 'web-1', '1234567890123456789'])(
  '%j is refused as the id of a server',
  async (id) => {
    await expect(openFirelock(url).quietServer(id)).rejects.toThrow(
      "quietServer: id: expected a server's id, such as '42'",
    );
  },
);

test('unknown options are refused', async () => {
  const options = { why: 'no' } as object;
  await expect(openFirelock(url).stopServer('1', options)).rejects.toThrow(
    /unknown option.* Known: id, by, reason/,
  );
});

test('a server that goes on under another id is asked what was asked of it before', async () => {
  const firelock = openFirelock(url);
  const former = await register();
  await firelock.quietServer(former, { by: 'ann' });
  const { asked, askedBy, askedAt } = (await findServer(storage.kysely, former)) ?? {};
  const id = await register(former);
  expect(await findServer(storage.kysely, id)).toMatchObject({ asked, askedBy, askedAt, version: version() });
});
