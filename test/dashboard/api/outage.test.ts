import express from 'express';
import { expect, test } from 'vitest';
import { fileDatabase, freshDatabase } from '../../database.js';
import { openFirelock } from '../../firelock.js';
import { run } from '../../global-setup.js';
import { idle } from '../jobs.js';
import { hearErrors, openSite, visitor } from '../site.js';

const url = await fileDatabase();

test('without a database every operation is a 503 that tells no secret', async () => {
  const firelock = openFirelock('postgres://someone:s3cret@127.0.0.1:9/hidden');
  const site = visitor(express().use('/jobs', firelock.dashboard()));
  for (const path of ['/api/jobs', '/api/jobs/1', '/api/counts', '/api/servers']) {
    const { body, text } = await site.get(path).expect(503);
    expect(body).toMatchObject({ error: { code: 'unavailable', message: 'The database does not answer' } });
    expect(text).not.toMatch(/s3cret|someone|hidden|127\.0\.0\.1|ECONNREFUSED/);
  }
  await site.post('/api/jobs/1/delete').type('json').expect(503);
  await site.get('/api/openapi.json').expect(200);
});

test('a database that was never migrated is a 503 with the code that says so', async () => {
  const database = await freshDatabase();
  await run(database.connectionString, 'drop schema firelock cascade');
  const { body } = await openSite(database.connectionString).get('/api/queues').expect(503);
  expect(body).toMatchObject({
    error: { code: 'FIRELOCK_MIGRATION_REQUIRED', advice: expect.stringContaining('npx firelock migrate') },
  });
  await database.drop();
});

test('an answer that is not what it is declared to be goes to the host app', async () => {
  const site = openSite(url);
  const heard = hearErrors(site.app);
  const id = await site.firelock.enqueue(idle);
  // Nothing in the API makes such an answer: an instant that JavaScript cannot hold stands for it.
  await run(url, `update firelock.jobs set created_at = '290000-01-01' where id = ${id}`);
  expect((await site.get(`/api/jobs?q=${id}`).expect(500)).text).toBe('the host app is sorry');
  expect(heard).toEqual([expect.any(TypeError)]);
});
