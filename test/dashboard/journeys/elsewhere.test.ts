import { expect, test } from 'vitest';
import { fileBrowser } from '../browser.js';
import { idle } from '../jobs.js';
import { openDesk } from './desk.js';

const browser = await fileBrowser();

test('a form of another site in the same browser changes nothing', async () => {
  const { firelock, origin, page } = await openDesk(browser);
  const id = await firelock.enqueue(idle);
  await page.route('http://evil.example/', (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: `<form method="post" action="${origin}/jobs/${id}/delete"><button>Win</button></form>`,
    }),
  );
  await page.goto('http://evil.example/');
  await page.getByRole('button').click();
  await page.getByRole('heading', { name: 'This request came from elsewhere' }).waitFor();
  expect((await firelock.getJob(id))?.state).toBe('enqueued');
});
