import type { Browser, BrowserContextOptions, Page, Request } from 'playwright-core';
import { onTestFinished } from 'vitest';
import type { DashboardOptions } from '../../../src/dashboard/options.js';
import { freshDatabase } from '../../database.js';
import { openPage, serve } from '../browser.js';
import { openSite, type Site } from '../site.js';

/** Somebody in front of the dashboard of an installation of its own: `page.goto('/jobs/failed')`. */
export interface Desk extends Omit<Site, 'page'> {
  readonly connectionString: string;
  readonly origin: string;
  readonly page: Page;
  /** What the browser has to complain of. */
  readonly complaints: readonly string[];
}

interface DeskOptions extends BrowserContextOptions {
  readonly dashboard?: DashboardOptions;
}

export async function openDesk(browser: Browser, options: DeskOptions = {}): Promise<Desk> {
  const { dashboard, ...context } = options;
  const database = await freshDatabase();
  const { connectionString } = database;
  onTestFinished(() => database.drop());
  const site = openSite(connectionString, dashboard);
  const origin = await serve(site.app);
  const opened = await openPage(browser, { baseURL: origin, ...context });
  return { ...site, ...opened, connectionString, origin };
}

/** The path and the query that the address bar shows. */
export function addressOf(page: Page): string {
  const { pathname, search } = new URL(page.url());
  return `${pathname}${search}`;
}

/** The end of the next renewal of the live parts; what was asked before does not count. */
export function nextRenewal(page: Page): Promise<void> {
  return page.evaluate(
    "new Promise((resolve) => document.addEventListener('renewed', () => resolve(), { once: true }))",
  );
}

/** The renewals that the page asks for from now on. */
export function renewalsOf(page: Page): readonly string[] {
  const asked: string[] = [];
  page.on('request', (request: Request) => {
    if (request.resourceType() === 'fetch') asked.push(request.url());
  });
  return asked;
}
