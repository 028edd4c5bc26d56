import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { expect, onTestFinished, test } from 'vitest';
import type { DashboardOptions } from '../../../src/dashboard/options.js';
import { fileDatabase } from '../../database.js';
import { openFirelock } from '../../firelock.js';
import { idle, wasMoved } from '../jobs.js';

const url = await fileDatabase();
const ORIGIN = 'https://ops.example.com';

async function portOf(server: Server): Promise<number> {
  onTestFinished(() => void server.close());
  if (!server.listening) await once(server, 'listening');
  // Listening on a port answers an AddressInfo.
  return (server.address() as AddressInfo).port;
}

/** Hands on what comes for /ops/jobs to /jobs, by its own name, as nginx does by default; answers where it is. */
async function proxyBefore(port: number): Promise<string> {
  const proxy = createServer((req, res) => {
    const path = (req.url ?? '').replace(/^\/ops\/jobs/, '/jobs');
    const headers = { ...req.headers, host: `127.0.0.1:${port}`, 'x-forwarded-for': '203.0.113.9' };
    const onward = request({ port, path, method: req.method, headers }, (answer) => {
      res.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(res);
    });
    req.pipe(onward);
  });
  return `http://127.0.0.1:${await portOf(proxy.listen(0, '127.0.0.1'))}/ops/jobs`;
}

async function openBehindProxy(options: DashboardOptions) {
  const firelock = openFirelock(url);
  const app = express().use('/jobs', firelock.dashboard(options));
  return { firelock, at: await proxyBefore(await portOf(app.listen(0, '127.0.0.1'))) };
}

const open: DashboardOptions = { authorize: () => true, basePath: '/ops/jobs' };

test('every address on a page, and every redirect, begins with the path that browsers see', async () => {
  const { firelock, at } = await openBehindProxy(open);
  const id = await firelock.enqueue(idle);
  for (const path of ['', '/', '/enqueued', `/${id}`, '/queues', '/recurring', '/audit', '/no/such/page']) {
    const html = await (await fetch(`${at}${path}`)).text();
    const addresses = [...html.matchAll(/\b(?:href|src|action|formaction|data-completions)="([^"#]+)"/g)];
    expect(addresses.length).toBeGreaterThan(5);
    expect(addresses.filter(([, address = '']) => !address.startsWith('/ops/jobs/'))).toEqual([]);
  }
  expect((await fetch(`${at}/public/dashboard.css`)).status).toBe(200);
  const headers = { 'sec-fetch-site': 'same-origin' };
  const acted = await fetch(`${at}/${id}/delete`, { method: 'POST', headers, redirect: 'manual' });
  expect([acted.status, acted.headers.get('location')]).toEqual([303, `/ops/jobs/${id}?done=delete.1.1`]);
  expect(await wasMoved(firelock, id, 'deleted')).toBe(true);
});

test('a post that names its origin alone is accepted if that origin is trusted: the proxy has changed the host', async () => {
  const headers = { origin: ORIGIN };
  for (const [options, status] of [
    [open, 403],
    [{ ...open, trustedOrigins: [ORIGIN] }, 303],
  ] as const) {
    const { firelock, at } = await openBehindProxy(options);
    const id = await firelock.enqueue(idle);
    const acted = await fetch(`${at}/${id}/delete`, { method: 'POST', headers, redirect: 'manual' });
    expect(acted.status).toBe(status);
    expect(await wasMoved(firelock, id, 'deleted')).toBe(status === 303);
  }
});

test('without authorize nobody comes through the proxy', async () => {
  const { at } = await openBehindProxy({ basePath: '/ops/jobs' });
  const answer = await fetch(at);
  expect(answer.status).toBe(403);
  expect(await answer.text()).toContain('href="/ops/jobs/public/dashboard.css"');
});
