import { expect, test } from 'vitest';
import { fileConnection, fileDatabase, freshDatabase } from '../database.js';
import { run } from '../global-setup.js';
import { firelock, type Outcome } from './command.js';
import { deafProxy } from './deaf-proxy.js';

const connectionString = await fileDatabase();
const connection = await fileConnection(connectionString);

function doctor(url: string, ...flags: readonly string[]): Promise<Outcome> {
  return firelock(['doctor', ...flags], { env: { DATABASE_URL: url } });
}

/** The topics of the lines that ask for something. */
function toFix({ stdout }: Outcome): readonly string[] {
  return [...stdout.matchAll(/^fix +(\w+)/gm)].map(([, topic = '']) => topic);
}

test('every line is ok on a migrated database', async () => {
  const outcome = await doctor(connectionString);
  const { code, stdout, stderr } = outcome;
  expect([...stdout.matchAll(/^ok +(\w+)/gm)].map(([, topic]) => topic)).toEqual(
    'connection version writable connections isolation durability migration rights clock notifications'.split(
      ' ',
    ),
  );
  expect({ fixes: toFix(outcome), code, stderr }).toEqual({ fixes: [], code: 0, stderr: '' });
  expect(stdout).toMatch(/^ok +version +Postgres 1[3-9]\S*.*; Firelock needs 13 or later/m);
  expect(stdout).toMatch(/\nEverything is ok\.\n$/);
});

test('a Postgres that does not answer is the only line, without the password', async () => {
  const { code, stdout, stderr } = await doctor('postgres://app:secret@127.0.0.1:1/shop');
  expect(stdout).toMatch(
    /^fix +connection +Postgres does not answer at 127\.0\.0\.1:1 \(ECONNREFUSED\)\. Start it.*\n\n1 to fix\.\n$/,
  );
  expect(stdout).not.toContain('secret');
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
});

test('a schema that is not there is to be migrated', async () => {
  const outcome = await doctor(connectionString, '--schema', 'nowhere');
  expect(toFix(outcome)).toEqual(['migration']);
  expect(outcome.stdout).toMatch(
    /^fix +migration +Schema 'nowhere' is missing .*Run 'npx firelock migrate'/m,
  );
  expect(outcome.stdout).toMatch(/^ok +rights +role '\w+' may create schema 'nowhere'/m);
  expect(outcome.code).toBe(1);
});

test('a schema of a newer release asks for that release', async () => {
  const newer = await freshDatabase();
  await run(
    newer.connectionString,
    `insert into firelock.migrations values ('9999_of_the_future', now()::text)`,
  );
  const outcome = await doctor(newer.connectionString);
  await newer.drop();
  expect(toFix(outcome)).toEqual(['migration']);
  expect(outcome.stdout).toMatch(/^fix +migration +Schema 'firelock' was migrated by a newer release/m);
});

test('settings that hurt are named with what to run; those that trade safety for speed are noted', async () => {
  const hurt = await freshDatabase();
  const name = new URL(hurt.connectionString).pathname.slice(1);
  const settings = {
    default_transaction_isolation: 'serializable',
    default_transaction_read_only: 'on',
    statement_timeout: '2s',
    idle_session_timeout: '1h',
    synchronous_commit: 'off',
  };
  const statements = Object.entries(settings).map(
    ([key, value]) => `alter database ${name} set ${key} = '${value}'`,
  );
  await run(hurt.connectionString, ...statements, `alter database ${name} connection limit 5`);
  const outcome = await doctor(hurt.connectionString);
  await hurt.drop();
  expect(toFix(outcome)).toEqual(['writable', 'connections', 'isolation', 'settings', 'settings']);
  expect(outcome.stdout).toMatch(/^fix +writable .*set default_transaction_read_only = off$/m);
  expect(outcome.stdout).toMatch(/^fix +isolation .*set default_transaction_isolation = 'read committed'$/m);
  expect(outcome.stdout).toMatch(/^fix +settings +statement_timeout is 2000 ms/m);
  expect(outcome.stdout).toMatch(/^fix +settings +idle_session_timeout/m);
  expect(outcome.stdout).toMatch(/^ok +durability +note: .*synchronous_commit off/m);
  expect(outcome.stdout).toMatch(/\n5 to fix\.\n$/);
});

test('a role without rights is told which grants it needs, one after the other', async () => {
  const url = new URL(connectionString);
  [url.username, url.password] = ['firelock_cli_doctor', 'd'];
  await connection.query(`create role firelock_cli_doctor login password 'd'`);
  try {
    const stranger = await doctor(url.href);
    expect(toFix(stranger)).toEqual(['migration', 'rights']);
    await connection.query(grantIn(stranger));
    const guest = await doctor(url.href);
    expect(toFix(guest)).toEqual(['migration', 'rights']);
    await connection.query(grantIn(guest));
    expect(toFix(await doctor(url.href))).toEqual([]);
    const elsewhere = await doctor(url.href, '--schema', 'elsewhere');
    expect(elsewhere.stdout).toMatch(
      /^fix +rights .*may not create schema 'elsewhere'\. As an administrator: grant create on/m,
    );
  } finally {
    await connection.query('drop owned by firelock_cli_doctor; drop role firelock_cli_doctor');
  }
});

function grantIn({ stdout }: Outcome): string {
  const [, grant] = /^fix +rights .*owner: (grant .*)$/m.exec(stdout) ?? [];
  return grant ?? expect.fail(`no grant in ${stdout}`);
}

test('a clock that is wrong is told with its difference', async () => {
  const slow = 'const now = Date.now; Date.now = () => now() - 60_000;';
  const env = {
    DATABASE_URL: connectionString,
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(slow)}`,
  };
  const outcome = await firelock(['doctor'], { env });
  expect(toFix(outcome)).toEqual(['clock']);
  expect(outcome.stdout).toMatch(
    /^fix +clock +the clock of Postgres is (60|59)\d{3} ms ahead of this machine's/m,
  );
});

test('a pooler that loses notifications is told from Postgres', async () => {
  const outcome = await doctor(await deafProxy(connectionString));
  expect(toFix(outcome)).toEqual(['notifications']);
  expect(outcome.stdout).toMatch(/^fix +notifications +do not arrive: .*pooler in transaction mode/m);
});
