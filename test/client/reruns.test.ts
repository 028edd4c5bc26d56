import { beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { InvalidJobIdError, UnstorableValueError } from '../../src/errors.js';
import { defineJob } from '../../src/job/definition.js';
import { auditLines } from '../audit-lines.js';
import { fileConnection, fileDatabase } from '../database.js';
import { connect, jobInState, openFirelock, startServer } from '../firelock.js';
import { putJob } from '../job-rows.js';

const url = await fileDatabase();
const client = await fileConnection(url);
const greet = defineJob({
  name: 'greet',
  args: z.object({ name: z.string() }),
  handler: ({ name }) => `hello ${name}`,
});

beforeEach(() => client.query('truncate firelock.jobs, firelock.job_tags, firelock.audit_log'));

test('a job that is run again is a new job with all that was said of its model', async () => {
  const firelock = openFirelock(url);
  const options = {
    queue: 'greetings',
    priority: 'high',
    timeout: '5s',
    retry: { attempts: 4, delays: ['1s', '2s'] },
    tags: ['first', 'second'],
  } as const;
  const modelId = await firelock.enqueue(greet, { name: 'ann' }, options);
  await startServer(firelock, { jobs: [greet], queues: { greetings: 1 } });
  const model = await jobInState(firelock, modelId, 'succeeded');
  const id = await firelock.runAgain(modelId);
  const copy = await jobInState(firelock, id ?? '', 'succeeded');
  expect(id).not.toBe(modelId);
  const { name, queue, priority, timeoutMs, tags, attemptLimit, args } = model;
  expect(copy).toMatchObject({ name, queue, priority, timeoutMs, tags, attemptLimit, args });
  expect(copy).toMatchObject({ modelId, result: 'hello ann', attempt: 1, originId: undefined });
  expect(model.modelId).toBeUndefined();
  const { rows } = await client.query(
    `select copy.retry_delays_ms = model.retry_delays_ms as same, array_agg(tag order by tag) as tags
     from firelock.jobs as copy, firelock.jobs as model, firelock.job_tags
     where copy.id = $1 and model.id = $2 and job_id = copy.id
     group by 1`,
    [id, modelId],
  );
  expect(rows).toEqual([{ same: true, tags: ['first', 'second'] }]);
});

test('other args may be given; the handler checks them when it runs', async () => {
  const firelock = openFirelock(url);
  const modelId = await firelock.enqueue(greet, { name: 'ann' }, { retry: { attempts: 1 } });
  const [other, bad] = [
    await firelock.runAgain(modelId, { args: { name: 'bob' } }),
    await firelock.runAgain(modelId, { args: { name: 7 } }),
  ];
  await startServer(firelock, { jobs: [greet] });
  expect(await jobInState(firelock, other ?? '', 'succeeded')).toMatchObject({ result: 'hello bob' });
  const dead = await jobInState(firelock, bad ?? '', 'dead');
  expect(dead.history.at(-1)?.error?.name).toBe('InvalidArgsError');
});

test('attempts that did not count have not raised the limit of the new job', async () => {
  const firelock = openFirelock(url);
  const modelId = await putJob(client, { state: 'dead', attempt: 5, attemptLimit: 5 });
  await client.query('update firelock.jobs set uncounted = 2 where id = $1', [modelId]);
  const id = await firelock.runAgain(modelId);
  expect(await firelock.getJob(id ?? '')).toMatchObject({ attempt: 0, attemptLimit: 3, uncounted: 0 });
});

test('it may be any job, whatever has become of it, but there must be one', async () => {
  const firelock = openFirelock(url);
  for (const state of ['processing', 'scheduled', 'deleted'] as const)
    expect(await firelock.runAgain(await putJob(client, { state }))).toMatch(/^\d+$/);
  expect(await firelock.runAgain('999999', { by: 'ann' })).toBeUndefined();
  await expect(firelock.runAgain('x')).rejects.toThrow(InvalidJobIdError);
  expect(await auditLines(client)).toEqual([]);
});

test('it is enqueued in the transaction that is given, or not at all', async () => {
  const firelock = openFirelock(url);
  const modelId = await putJob(client, { state: 'dead' });
  const tx = await connect(url);
  await tx.query('begin');
  const id = await firelock.runAgain(modelId, { tx, by: 'ann', reason: 'a trial' });
  await tx.query('rollback');
  expect(await firelock.getJob(id ?? '')).toBeUndefined();
  expect(await auditLines(client)).toEqual([]);
});

test('who ran it again is in the audit log, with the new job, but not with its args', async () => {
  const firelock = openFirelock(url);
  const modelId = await putJob(client, { state: 'dead' });
  const said = { by: 'ann', reason: 'mended' };
  const jobId = await firelock.runAgain(modelId, said);
  const otherId = await firelock.runAgain(modelId, { ...said, args: { name: 'bob' } });
  await firelock.runAgain(modelId);
  expect(await auditLines(client)).toEqual([
    ['ann', 'run again', 'job', modelId, 'mended', null, { jobId }],
    ['ann', 'run again', 'job', modelId, 'mended', null, { jobId: otherId }],
  ]);
});

test('args that cannot be stored are refused, and nothing is written', async () => {
  const firelock = openFirelock(url);
  const modelId = await putJob(client, { state: 'dead' });
  const hostile = { args: { name: '\0' } };
  await expect(firelock.runAgain(modelId, hostile)).rejects.toThrow(UnstorableValueError);
  expect((await client.query('select from firelock.jobs')).rowCount).toBe(1);
});
