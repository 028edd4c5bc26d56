import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import chromium from '@sparticuz/chromium';
import type { Express } from 'express';
import { type Browser, type BrowserContextOptions, type Page, chromium as playwright } from 'playwright-core';
import { afterAll, onTestFinished } from 'vitest';

const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/** A real browser for a whole test file, from an npm package: nothing is installed on the system. */
export async function fileBrowser(): Promise<Browser> {
  chromium.setGraphicsMode = false;
  const browser = await playwright.launch({ executablePath: await unpackedBrowser(), args });
  afterAll(() => browser.close());
  return browser;
}

/** In a folder of this checkout: the package unpacks to the system's one for temporary files, where another user's may lie. */
async function unpackedBrowser(): Promise<string> {
  const systems = process.env['TMPDIR'];
  process.env['TMPDIR'] = resolve('.firelock/chromium');
  await mkdir('.firelock/chromium', { recursive: true });
  try {
    return await chromium.executablePath();
  } finally {
    if (systems === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = systems;
  }
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
