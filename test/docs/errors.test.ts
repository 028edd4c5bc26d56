import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import * as errors from '../../src/errors.js';

test('docs/errors.md lists exactly the errors there are, each with its code', async () => {
  const source = await readFile('src/errors.ts', 'utf8');
  const coded = [...source.matchAll(/class (\w+) extends FirelockError \{\s*readonly code = '(\w+)'/g)];
  const page = await readFile('docs/errors.md', 'utf8');
  const documented = [...page.matchAll(/^\| `(FIRELOCK_\w+)` \| `(\w+)` \|/gm)];
  const pairs = coded.map(([, name, code]) => `${code} ${name}`).toSorted();
  expect(documented.map(([, code, name]) => `${code} ${name}`).toSorted()).toEqual(pairs);
  expect(pairs).toHaveLength(Object.keys(errors).length - 1);
});
