import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import chromium from '@sparticuz/chromium';
import { type Browser, chromium as playwright } from 'playwright-core';

const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/** A real browser from an npm package: nothing is installed on the system. */
export async function launchChromium(): Promise<Browser> {
  chromium.setGraphicsMode = false;
  return playwright.launch({ executablePath: await unpackedBrowser(), args });
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
