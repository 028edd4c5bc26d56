import { randomBytes } from 'node:crypto';
import { expect, inject, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { batchesOf } from '../../src/client/batches.js';
import { defineJob } from '../../src/job/definition.js';
import { fileConnection, fileDatabase } from '../database.js';
import { openFirelock } from '../firelock.js';
import { inDatabase, run } from '../global-setup.js';

const url = await fileDatabase();
const client = await fileConnection(url);
const note = defineJob({ name: 'note', args: z.object({ text: z.string() }) });

/** A migrated database in which only letters of western Europe can be kept. */
async function latinDatabase(): Promise<string> {
  const admin = inject('adminUrl');
  const name = `${inject('template')}_latin_${randomBytes(4).toString('hex')}`;
  await run(
    admin,
    `create database ${name} template template0 encoding 'LATIN1' locale_provider libc locale 'C'`,
  );
  onTestFinished(() => run(admin, `drop database if exists ${name} with (force)`));
  return inDatabase(admin, name);
}

function textsWith(bad: readonly string[]): readonly string[] {
  const fine = Array.from({ length: 20 }, (_, n) => `fine ${n}`);
  return [...fine, ...bad, ...fine, ...bad];
}

test('(I10) args that the database cannot keep fail their own call, not those that share a statement with it', async () => {
  const firelock = openFirelock(await latinDatabase());
  await firelock.migrate();
  const texts = textsWith(['漢字', '你好']);
  const calls = await Promise.allSettled(texts.map((text) => firelock.enqueue(note, { text })));
  for (const [place, call] of calls.entries()) {
    const text = texts[place] ?? '';
    if (call.status === 'fulfilled')
      expect(await firelock.getJob(call.value)).toMatchObject({ args: { text } });
    else expect(call.reason).toMatchObject({ code: '22P05' });
  }
  expect(calls.filter(({ status }) => status === 'rejected')).toHaveLength(4);
});

test("a constraint of the application's own on one job's data fails that job alone", async () => {
  await client.query("alter table firelock.jobs add constraint polite check (args ->> 'text' <> 'rude')");
  const firelock = openFirelock(url);
  const texts = textsWith(['rude']);
  const calls = await Promise.allSettled(texts.map((text) => firelock.enqueue(note, { text })));
  expect(calls.map(({ status }) => status)).toEqual(
    texts.map((text) => (text === 'rude' ? 'rejected' : 'fulfilled')),
  );
  const refused = calls.find((call) => call.status === 'rejected');
  expect(refused?.reason).toMatchObject({ code: '23514', constraint: 'polite' });
});

test('an error that is not about the data of one job fails all that share the statement', async () => {
  const firelock = openFirelock(url);
  await firelock.enqueue(note, { text: 'the schema has been looked at' });
  await client.query('alter table firelock.jobs rename to elsewhere');
  try {
    const calls = await Promise.allSettled(
      ['a', 'b', 'c', 'd'].map((text) => firelock.enqueue(note, { text })),
    );
    expect(calls).toMatchObject(calls.map(() => ({ status: 'rejected', reason: { code: '42P01' } })));
  } finally {
    await client.query('alter table firelock.elsewhere rename to jobs');
  }
});

test('what one statement holds is bounded in number and in size', () => {
  const sizes = (items: readonly number[]) => batchesOf(items, (size) => size).map((batch) => batch.length);
  const megabytes = (count: number) => Array.from({ length: count }, () => 1024 * 1024);
  expect(sizes([])).toEqual([]);
  expect(sizes(Array.from({ length: 2500 }, () => 10))).toEqual([1000, 1000, 500]);
  expect(sizes(megabytes(40))).toEqual([16, 16, 8]);
  expect(sizes([100, 2 ** 30, 100])).toEqual([1, 1, 1]);
});
