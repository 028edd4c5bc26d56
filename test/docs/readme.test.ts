import { access, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import type { Firelock } from '../../src/index.js';
import { fileConnection, fileDatabase } from '../database.js';
import { eventually } from '../eventually.js';

const url = await fileDatabase();
const client = await fileConnection(url);

/** The first example of a page as a module that the test can import, on the test's own database. */
async function example(page: string): Promise<{ readonly firelock: Firelock }> {
  const code = /```ts\n(.*?)```/s.exec(await readFile(page, 'utf8'))?.[1] ?? '';
  const runnable = [
    "import express from 'express';",
    code.replace("'firelock'", "'../../src/index.js'").replace('postgres://localhost/shop', url),
    'export { firelock };',
  ].join('\n');
  await mkdir('.firelock/docs', { recursive: true });
  const file = `${process.cwd()}/.firelock/docs/${page.replaceAll(/\W/g, '-')}.ts`;
  await writeFile(file, runnable.replace('const firelock', 'const app = express();\nconst firelock'));
  return import(file) as Promise<{ readonly firelock: Firelock }>;
}

test("the README's first example runs as it stands", async () => {
  const { firelock } = await example('README.md');
  const count = async (state: string) =>
    Number(
      (await client.query('select count(*) from firelock.jobs where state = $1', [state])).rows[0].count,
    );
  await eventually('the job has run', async () => (await count('succeeded')) === 1);
  expect(await count('scheduled')).toBe(1);
  expect(await firelock.removeRecurring('greet')).toBe(true);
  await firelock.close();
});

test('every page that a page of the documentation links to exists', async () => {
  const pages = ['README.md', 'CONTRIBUTING.md', ...(await markdownFiles('docs'))];
  const missing: string[] = [];
  for (const page of pages) {
    const links = [...(await readFile(page, 'utf8')).matchAll(/\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)/g)];
    for (const [, link = ''] of links) if (!(await exists(page, link))) missing.push(`${page} → ${link}`);
  }
  expect(missing).toEqual([]);
});

async function markdownFiles(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true });
  return entries.filter((name) => name.endsWith('.md')).map((name) => `${folder}/${name}`);
}

function exists(page: string, link: string): Promise<boolean> {
  return access(new URL(link, pathToFileURL(page))).then(
    () => true,
    () => false,
  );
}
