import { expect, test } from 'vitest';
import { fileDatabase } from '../../database.js';
import { idle } from '../jobs.js';
import { callApi } from './caller.js';

const url = await fileDatabase();

test('who has done what is listed page by page, and by who did it', async () => {
  const { firelock, get } = callApi(url);
  const [one = '', two = ''] = await firelock.enqueueMany(idle, [undefined, undefined]);
  await firelock.delete(one, { by: 'ada', reason: 'sent twice' });
  await firelock.delete(two, { by: 'bob' });
  const first = await get('/audit?size=1');
  expect(first).toMatchObject({
    entries: [
      { by: 'bob', act: 'delete', subject: 'job', target: two, before: { state: 'enqueued' }, hidden: false },
    ],
  });
  const second = await get(`/audit?size=1&place=${String(first['next'])}`);
  expect(second).toMatchObject({
    entries: [{ by: 'ada', reason: 'sent twice', after: { state: 'deleted' } }],
  });
  expect(second).not.toHaveProperty('next');
  expect(await get('/audit?by=ada')).toMatchObject({ entries: [{ target: one }] });
  expect(await get('/audit?by=nobody%00')).toEqual({ entries: [] });
  await get('/audit?place=x', 400);
});
