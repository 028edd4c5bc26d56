import request from 'supertest';
import { expect, test } from 'vitest';
import { fileDatabase } from '../../database.js';
import { idle, wasMoved } from '../jobs.js';
import { openSite } from '../site.js';

const url = await fileDatabase();

const accepted: Record<string, Record<string, string>> = {
  'a browser says that it is of the same origin': { 'Sec-Fetch-Site': 'same-origin' },
  'an older browser names the origin that is asked for': {
    Host: 'localhost:4000',
    Origin: 'http://localhost:4000',
  },
  'the host is written in capitals': { Host: 'LocalHost:4000', Origin: 'http://localhost:4000' },
};

const refused: Record<string, Record<string, string>> = {
  'another site sends it': { 'Sec-Fetch-Site': 'cross-site' },
  'another host of the same site sends it': { 'Sec-Fetch-Site': 'same-site' },
  'a person typed it': { 'Sec-Fetch-Site': 'none' },
  'a browser says cross-site, whatever Origin says': {
    'Sec-Fetch-Site': 'cross-site',
    Host: 'localhost:4000',
    Origin: 'http://localhost:4000',
  },
  'another origin sends it': { Host: 'localhost:4000', Origin: 'http://evil.example' },
  'another port sends it': { Host: 'localhost:4000', Origin: 'http://localhost:4001' },
  'a sandboxed page sends it': { Origin: 'null' },
  'nothing tells where it is from': {},
};

test.each(Object.entries(accepted))('a post is accepted when %s', async (_when, headers) => {
  const site = openSite(url);
  const id = await site.firelock.enqueue(idle);
  await request(site.app).post(`/jobs/${id}/delete`).set(headers).expect(303);
  expect(await wasMoved(site.firelock, id, 'deleted')).toBe(true);
});

test.each(Object.entries(refused))('a post is refused when %s', async (_when, headers) => {
  const site = openSite(url);
  const id = await site.firelock.enqueue(idle);
  const { text } = await request(site.app).post(`/jobs/${id}/delete`).set(headers).expect(403);
  expect(text).toContain('This request came from elsewhere');
  expect((await site.firelock.getJob(id))?.state).toBe('enqueued');
});

const trusting = { trustedOrigins: ['https://ops.example.com'] };

test('a post from a trusted origin is accepted, whatever the browser says of sites', async () => {
  const site = openSite(url, trusting);
  for (const headers of [{}, { 'Sec-Fetch-Site': 'cross-site' }, { Host: '127.0.0.1:3000' }]) {
    const id = await site.firelock.enqueue(idle);
    const act = request(site.app).post(`/jobs/${id}/delete`).set(headers);
    await act.set('Origin', 'https://ops.example.com').expect(303);
    expect(await wasMoved(site.firelock, id, 'deleted')).toBe(true);
  }
});

test.each([
  'http://ops.example.com',
  'https://ops.example.com:8443',
  'https://ops.example.com.evil.example',
  'https://evil.example',
  'null',
])('a post from %s is refused, although another origin is trusted', async (origin) => {
  const site = openSite(url, trusting);
  const id = await site.firelock.enqueue(idle);
  await request(site.app).post(`/jobs/${id}/delete`).set('Origin', origin).expect(403);
  expect((await site.firelock.getJob(id))?.state).toBe('enqueued');
});

test.each(['https://ops.example.com/', 'https://ops.example.com/jobs', 'ops.example.com', '*', 'null'])(
  'what is no origin (%s) cannot be trusted',
  (origin) => {
    const { firelock } = openSite(url);
    expect(() => firelock.dashboard({ trustedOrigins: [origin] })).toThrow(
      'expected an origin without a path',
    );
  },
);
