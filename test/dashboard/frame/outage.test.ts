import express from 'express';
import { pino } from 'pino';
import request from 'supertest';
import { expect, test } from 'vitest';
import { fileDatabase, freshDatabase } from '../../database.js';
import { openFirelock } from '../../firelock.js';
import { run } from '../../global-setup.js';
import { idle } from '../jobs.js';
import { hearErrors, openSite, visitor } from '../site.js';

const url = await fileDatabase();

/** A logger, and what it was told. */
function recording() {
  const lines: string[] = [];
  return { lines, logger: pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) }) };
}

test('without a database every page is a 503 that tells no secret, and the log tells the cause', async () => {
  const { lines, logger } = recording();
  const connectionString = 'postgres://someone:s3cret@127.0.0.1:9/unheard-of';
  const site = visitor(express().use('/jobs', openFirelock(connectionString, { logger }).dashboard()));
  for (const path of ['/', '/failed', '/1', '/recurring', '/servers']) {
    const { text } = await site.get(path).expect(503);
    expect(text).toContain('The database does not answer');
    expect(text).not.toMatch(/s3cret|someone|unheard-of|127\.0\.0\.1|ECONNREFUSED|select "/i);
  }
  await site.post('/1/delete').expect(503);
  expect(lines).toHaveLength(6);
  expect(lines[0]).toContain('ECONNREFUSED');
});

test('a database that went away is a 503, and the dashboard recovers with it', async () => {
  const database = await freshDatabase();
  const site = openSite(database.connectionString);
  await site.page('/');
  await database.drop();
  const { text } = await site.get('/').expect(503);
  expect(text).not.toContain(new URL(database.connectionString).pathname.slice(1));
  await openSite(url).page('/');
});

test('a database that was never migrated is a 503 that says what to do', async () => {
  const database = await freshDatabase();
  await run(database.connectionString, 'drop schema firelock cascade');
  const { text } = await openSite(database.connectionString).get('/').expect(503);
  expect(text).toContain('npx firelock migrate');
  await database.drop();
});

test('a mistake of our own goes to the error handling of the host app', async () => {
  const firelock = openFirelock(url);
  const id = await firelock.enqueue(idle);
  const app = express().use('/jobs', firelock.dashboard());
  const heard = hearErrors(app);
  // Nothing in the API makes such a mistake: an instant that JavaScript cannot hold stands for it.
  await run(url, `update firelock.jobs set created_at = '290000-01-01' where id = ${id}`);
  expect((await request(app).get(`/jobs/${id}`).expect(500)).text).toBe('the host app is sorry');
  expect(heard).toEqual([expect.any(RangeError)]);
});
