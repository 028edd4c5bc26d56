import { expect, test } from 'vitest';
import { defineJob } from '../../src/job/definition.js';
import { fileConnection, fileDatabase } from '../database.js';
import { jobInState, openFirelock, startServer } from '../firelock.js';
import { jobRow } from '../job-rows.js';

const url = await fileDatabase();
const client = await fileConnection(url);
const lastErrorOf = async (id: string) => (await jobRow(client, id))?.['last_error'];

test('a job bears the beginning of what its latest attempt failed with, until it succeeds', async () => {
  const firelock = openFirelock(url);
  let message: string | undefined = 'x'.repeat(2000);
  const job = defineJob({
    name: 'job',
    retry: { attempts: 1 },
    handler: () => (message === undefined ? 'fine' : Promise.reject(new TypeError(message))),
  });
  const server = await startServer(firelock, { jobs: [job] });
  const id = await firelock.enqueue(job);
  await jobInState(firelock, id, 'dead');
  expect(await lastErrorOf(id)).toBe(`TypeError: ${'x'.repeat(489)}`);
  message = 'short';
  await server.stop();
  await firelock.retry(id);
  expect(await lastErrorOf(id)).toBe(`TypeError: ${'x'.repeat(489)}`);
  await startServer(firelock, { jobs: [job] });
  await jobInState(firelock, id, 'dead');
  expect(await lastErrorOf(id)).toBe('TypeError: short');
  message = undefined;
  await firelock.retry(id);
  await jobInState(firelock, id, 'succeeded');
  expect(await lastErrorOf(id)).toBeNull();
});
