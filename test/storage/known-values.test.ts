import { expect, test } from 'vitest';
import { defineJob } from '../../src/job/definition.js';
import { knownValues } from '../../src/storage/known-values.js';
import { fileConnection, fileDatabase, fileStorage } from '../database.js';
import { openFirelock } from '../firelock.js';

const url = await fileDatabase();
const client = await fileConnection(url);
const database = fileStorage(url);
const mail = defineJob({ name: 'send-mail', queue: 'emails' });

test('names, queues, tags, servers and recurring jobs are known by their beginnings', async () => {
  const firelock = openFirelock(url);
  await firelock.enqueue(mail);
  await firelock.addOrUpdateRecurring(
    'send-report',
    defineJob({ name: 'report', queue: 'reports' }),
    undefined,
    '@daily',
  );
  await client.query(
    `insert into firelock.servers (name, version, queues, job_names) values ('server-1', '1', '{"exports": 3}', '["send-export"]')`,
  );
  await client.query(
    `insert into firelock.statistics (span, at, queue, name, succeeded, failed, dead, waits, runs)
     values ('hour', now(), 'earlier', 'send-earlier', 1, 0, 0, '{}', '{}')`,
  );
  await client.query(`insert into firelock.queue_pauses (queue) values ('external')`);
  await client.query(
    `insert into firelock.job_tags values ('a', 1), ('sale', 1), ('sale', 2), ('sale_2', 1), ('t', 1)`,
  );
  const known = (of: Parameters<typeof knownValues>[1], prefix: string, limit = 10) =>
    knownValues(database, of, { prefix, limit });
  expect(await known('name', 'send-')).toEqual(['send-earlier', 'send-export', 'send-mail']);
  expect(await known('name', '', 2)).toEqual(['report', 'send-earlier']);
  expect(await known('queue', 'e')).toEqual(['earlier', 'emails', 'exports', 'external']);
  expect(await known('queue', 'rep')).toEqual(['reports']);
  expect(await known('tag', 'sale')).toEqual(['sale', 'sale_2']);
  expect(await known('tag', '')).toEqual(['a', 'sale', 'sale_2', 't']);
  expect(await known('tag', 'z')).toEqual([]);
  expect(await known('server', 'server')).toEqual(['server-1']);
  expect(await known('recurring', 'send')).toEqual(['send-report']);
});
