import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { explain } from '../../src/cli/explanation.js';
import { withDatabase } from '../../src/cli/installation.js';
import { fileDatabase } from '../database.js';
import { inDatabase } from '../global-setup.js';

const connectionString = await fileDatabase();

/** What a person reads about a Postgres that cannot be used. */
async function explanationOf(url: string): Promise<string | undefined> {
  const target = { connectionString: url, schema: 'firelock' };
  const error: unknown = await withDatabase(target, () => Promise.resolve()).catch((error: unknown) => error);
  return explain(error);
}

test.each([
  ['postgres://app:sec/ret@host:x/y', /^The database URL cannot be read\. Write it as/],
  [
    'postgres://app:secret@127.0.0.1:1/x',
    /^Postgres does not answer at 127\.0\.0\.1:1 \(ECONNREFUSED\)\. Start it/,
  ],
  [
    'postgres://app:secret@localhost:1/x',
    /^Postgres does not answer at (127\.0\.0\.1|::1):1 \(ECONNREFUSED\)/,
  ],
  [
    'postgres://app@localhost/x?host=%2Fnowhere',
    /^Postgres does not answer at \/nowhere\/\.s\.PGSQL\.5432 \(ENOENT\)/,
  ],
  [
    'postgres://app:secret@nowhere.invalid/x',
    /^No host is named nowhere\.invalid \(E\w+\)\. Correct DATABASE_URL\.$/,
  ],
  [
    inDatabase(connectionString, 'firelock_nowhere'),
    /^Postgres says: database "firelock_nowhere" does not exist \(3D000\)/,
  ],
  [
    asRole('firelock_nobody'),
    /^Postgres says: .*firelock_nobody.* \(28\w{3}\)\. Correct the user and password/,
  ],
])('explains %s in one line, without the password', async (url, expected) => {
  const explanation = await explanationOf(url);
  expect(explanation).toMatch(expected);
  expect(explanation).not.toMatch(/\n|secret|sec\/ret/);
});

test('waits 10 s for a Postgres that accepts connections and says nothing', async () => {
  const silent = createServer(() => undefined).listen(0, '127.0.0.1');
  onTestFinished(() => void silent.close());
  await once(silent, 'listening');
  const address = silent.address();
  const port = typeof address === 'object' ? address?.port : '';
  const explanation = await explanationOf(`postgres://app@127.0.0.1:${port}/x`);
  expect(explanation).toBe('Postgres did not answer within 10 s. Check DATABASE_URL and the network.');
});

test('leaves an error of unknown origin to its stack', () => {
  expect(explain(new TypeError('undefined is not a function'))).toBeUndefined();
});

function asRole(role: string): string {
  const url = new URL(connectionString);
  url.username = role;
  url.password = 'secret';
  return url.href;
}
