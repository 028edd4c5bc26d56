import { expect, test } from 'vitest';
import type { Firelock } from '../../src/index.js';
import { fileDatabase } from '../database.js';
import { idle } from '../dashboard/jobs.js';
import { mountingSnippets, runSnippet, type Snippet } from './snippet.js';

const url = await fileDatabase();
const snippets = await mountingSnippets();

/** With Express 5 as it stands, and with Express 4. */
const runnable: readonly Snippet[] = snippets.flatMap((snippet) =>
  snippet.code.includes("from 'express'")
    ? [
        snippet,
        {
          ...snippet,
          name: `${snippet.name} with Express 4`,
          code: snippet.code.replace("'express'", "'express4'"),
        },
      ]
    : [snippet],
);

const ann = { 'x-user': 'ann' };

test('the examples are found', () => {
  expect(snippets.map(({ name }) => name)).toEqual([
    'Express 1',
    'Express 2',
    'Fastify 1',
    'Fastify 2',
    'NestJS 1',
    'NestJS 2',
    'node:http 1',
    'Behind a proxy 1',
  ]);
});

test.each(runnable.map((snippet) => [snippet.name, snippet] as const))(
  "the example '%s' of docs/mounting.md works as it stands",
  async (_name, snippet) => {
    const { origin, firelock } = await runSnippet(snippet, url);
    const base = /basePath: '(.*)'/.exec(snippet.code)?.[1] ?? snippet.path;
    const dashboard = { at: `${origin}${snippet.path}`, base };
    await expectPages(dashboard);
    await expectActs(dashboard, firelock);
  },
);

interface Mounted {
  /** Where it answers. */
  readonly at: string;
  /** What its links begin with. */
  readonly base: string;
}

async function expectPages({ at, base }: Mounted): Promise<void> {
  for (const address of new URL(at).pathname === '/' ? ['/'] : ['', '/', '?period=week']) {
    const home = await fetch(`${at}${address}`, { headers: ann });
    expect({ address, status: home.status }).toEqual({ address, status: 200 });
    expect(await home.text()).toContain(`href="${base}/failed"`);
  }
  const list = await (await fetch(`${at}/enqueued?q=name%3Aidle`, { headers: ann })).text();
  expect(list).toContain(`href="${base}/public/dashboard.css"`);
  expect(list).toContain(`role="search" method="get" action="${base}/enqueued"`);
  expect(list).toContain('value="name:idle"');
  const style = await fetch(`${at}/public/dashboard.css`);
  expect([style.status, style.headers.get('content-type')]).toEqual([200, 'text/css; charset=utf-8']);
  const missing = await fetch(`${at}/no/such/page`, { headers: ann });
  expect([missing.status, await missing.text()]).toEqual([
    404,
    expect.stringContaining('There is no such page'),
  ]);
}

/** More jobs at once than some parsers of forms keep in a list. */
async function expectActs({ at, base }: Mounted, firelock: Firelock): Promise<void> {
  const ids = await firelock.enqueueMany(
    idle,
    Array.from({ length: 150 }, () => undefined),
  );
  const body = new URLSearchParams({ reason: 'ä & b' });
  for (const id of ids) body.append('ids', id);
  const headers = { ...ann, 'sec-fetch-site': 'same-origin' };
  const answer = await fetch(`${at}/enqueued/delete`, { method: 'POST', headers, body, redirect: 'manual' });
  expect([answer.status, answer.headers.get('location')]).toEqual([
    303,
    `${base}/enqueued?done=delete.150.150`,
  ]);
  const { state, history } = (await firelock.getJob(ids[149] ?? '')) ?? {};
  expect([state, history?.at(-1)?.reason]).toEqual(['deleted', 'ä & b']);
}
