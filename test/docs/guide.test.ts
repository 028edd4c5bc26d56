import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import type { JobDefinition } from '../../src/index.js';
import { fileDatabase } from '../database.js';
import { jobInState, openFirelock, startServer } from '../firelock.js';

const url = await fileDatabase();
const folder = `${process.cwd()}/.firelock/docs/guide`;

/** Page 0 keeps its thread busy for ever; all others are rendered. */
const renderWorker = `
  import { parentPort, workerData } from 'node:worker_threads';
  while (workerData === 0);
  parentPort.postMessage('page ' + workerData);
`;

type Render = JobDefinition<{ page: number }, { page: number }, unknown>;

/** The guide's example of a handler in a thread, as it stands, beside a thread that the test has written. */
async function renderJob(): Promise<Render> {
  const blocks = (await readFile('docs/guide.md', 'utf8')).matchAll(/```ts\n(.*?)```/gs);
  const code = [...blocks].map(([, block = '']) => block).find((block) => block.includes('new Worker('));
  await mkdir(folder, { recursive: true });
  await writeFile(`${folder}/render-worker.js`, renderWorker);
  await writeFile(`${folder}/render.ts`, code?.replace("'firelock'", "'../../../src/index.js'") ?? '');
  return ((await import(`${folder}/render.ts`)) as { readonly render: Render }).render;
}

test("the guide's handler in a thread is ended by its timeout, and its slot is free at once", async () => {
  const firelock = openFirelock(url);
  const render = await renderJob();
  const server = await startServer(firelock, { jobs: [render], queues: { default: 1 } });
  const spinning = await firelock.enqueue(render, { page: 0 }, { timeout: '500ms', retry: { attempts: 1 } });
  const next = await firelock.enqueue(render, { page: 7 });
  const { history } = await jobInState(firelock, spinning, 'dead');
  expect(history.at(-1)?.error?.code).toBe('FIRELOCK_JOB_TIMEOUT');
  expect(await jobInState(firelock, next, 'succeeded')).toMatchObject({ attempt: 1, result: 'page 7' });
  expect(server.count('job:unresponsive')).toBe(0);
});
