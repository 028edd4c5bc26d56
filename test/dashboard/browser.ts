import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Express } from 'express';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, onTestFinished, vi } from 'vitest';
import { launchChromium } from './chromium.js';

/** A real browser for a whole test file. It takes its time on a busy machine. */
export async function fileBrowser(): Promise<Browser> {
  vi.setConfig({ testTimeout: 120_000 });
  const browser = await launchChromium();
  afterAll(() => browser.close());
  return browser;
}

/** The app on a port of its own until the test ends. */
export async function serve(app: Express): Promise<string> {
  const server = app.listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  // A server that listens on a port answers an AddressInfo.
  return `http://localhost:${(server.address() as AddressInfo).port}`;
}

/** A page, and what the browser complains of: errors of scripts, violations of the policy, files that are missing. */
export async function openPage(
  browser: Browser,
  options?: BrowserContextOptions,
): Promise<{ readonly page: Page; readonly complaints: readonly string[] }> {
  const context = await browser.newContext(options);
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  return { page, complaints };
}
