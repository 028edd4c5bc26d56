import { writeFile } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import type { ShownJobs } from './busy-shop.js';
import { smallPng } from './small-png.js';

interface Screenshot {
  /** In docs/images, without its ending. */
  readonly name: string;
  readonly path: string;
  readonly colorScheme: 'light' | 'dark';
  readonly width: number;
}

const WIDE = 1320;
const NARROW = 390;
const HEIGHT = 860;

/** Every page in light; some in dark, and some on a narrow screen. */
export function screenshots(ids: ShownJobs): readonly Screenshot[] {
  const pages = {
    dashboard: '',
    failed: '/failed',
    'dead-letters': '/dead',
    'dead-letters-by-error': '/dead/groups',
    'all-jobs': '/jobs',
    job: `/${ids.failed}`,
    'running-job': `/${ids.running}`,
    'run-again': `/${ids.failed}/again`,
    'retry-all': '/failed/all/retry?q=error%3AECONNREFUSED',
    queues: '/queues',
    servers: '/servers',
    'recurring-jobs': '/recurring',
    'recurring-job': '/recurring/job?id=stock%2Fsync',
    'audit-log': '/audit',
  };
  const shot = (name: keyof typeof pages) => ({ name, path: pages[name], width: WIDE }) as const;
  // Object.keys is typed string[]; they are exactly the pages.
  const light = (Object.keys(pages) as readonly (keyof typeof pages)[]).map((name) => shot(name));
  return [
    ...light.map((each) => ({ ...each, colorScheme: 'light' }) as const),
    ...(['dashboard', 'job', 'failed'] as const).map(
      (name) => ({ ...shot(name), name: `${name}-dark`, colorScheme: 'dark' }) as const,
    ),
    ...(['dashboard', 'job'] as const).map(
      (name) => ({ ...shot(name), name: `${name}-narrow`, width: NARROW, colorScheme: 'light' }) as const,
    ),
  ];
}

export async function take(browser: Browser, url: string, { name, path, colorScheme, width }: Screenshot) {
  const context = await browser.newContext({
    viewport: { width, height: HEIGHT },
    colorScheme,
    timezoneId: 'UTC',
    locale: 'en-US',
  });
  const page = await context.newPage();
  await page.goto(`${url}${path}`);
  const file = `docs/images/${name}.png`;
  const image = smallPng(await page.screenshot({ animations: 'disabled' }));
  await writeFile(file, image);
  await context.close();
  return { file, bytes: image.length };
}
