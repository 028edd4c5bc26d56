import { expect, onTestFinished, test } from 'vitest';
import { diagnose } from '../../../src/cli/doctor/diagnosis.js';
import type { Finding } from '../../../src/cli/doctor/finding.js';
import { fileDatabase, freshDatabase } from '../../database.js';
import { run } from '../../global-setup.js';
import { deafProxy } from '../deaf-proxy.js';
import { guest } from '../guest.js';

const connectionString = await fileDatabase();

function look(url: string, schema = 'firelock'): Promise<readonly Finding[]> {
  return diagnose({ connectionString: url, schema });
}

function toFix(findings: readonly Finding[]): readonly string[] {
  return findings.flatMap(({ ok, topic }) => (ok ? [] : [topic]));
}

function textOf(findings: readonly Finding[], topic: string): string {
  return findings.flatMap((finding) => (finding.topic === topic ? [finding.text] : [])).join('\n');
}

/** A database for one test, changed by the statements; %s stands for its name. */
async function changedDatabase(...statements: readonly string[]): Promise<string> {
  const database = await freshDatabase();
  onTestFinished(() => database.drop());
  const name = new URL(database.connectionString).pathname.slice(1);
  await run(database.connectionString, ...statements.map((statement) => statement.replace('%s', name)));
  return database.connectionString;
}

test('a migrated database is ok, and its password is not shown', async () => {
  const findings = await look(connectionString);
  expect(toFix(findings)).toEqual([]);
  expect(textOf(findings, 'connection')).not.toMatch(/:firelock@/);
  expect(textOf(findings, 'version')).toMatch(/^Postgres 1[3-9].*; Firelock needs 13 or later/);
});

test('a schema that is not there is to be migrated, which this role may do', async () => {
  const findings = await look(connectionString, 'nowhere');
  expect(toFix(findings)).toEqual(['migration']);
  expect(textOf(findings, 'rights')).toMatch(/^role '\w+' may create schema 'nowhere'$/);
});

test('a schema of a newer release asks for that release', async () => {
  const newer = await changedDatabase(`insert into firelock.migrations values ('9999_of_the_future', '')`);
  const findings = await look(newer);
  expect(toFix(findings)).toEqual(['migration']);
  expect(textOf(findings, 'migration')).toMatch(/^Schema 'firelock' was migrated by a newer release/);
});

test('settings that hurt are named with what to run; those that trade safety for speed are noted', async () => {
  const findings = await look(
    await changedDatabase(
      `alter database %s set default_transaction_isolation = 'serializable'`,
      `alter database %s set default_transaction_read_only = 'on'`,
      `alter database %s set statement_timeout = '2s'`,
      `alter database %s set idle_session_timeout = '1h'`,
      `alter database %s set synchronous_commit = 'off'`,
      `alter database %s connection limit 5`,
    ),
  );
  expect(toFix(findings)).toEqual(['writable', 'connections', 'isolation', 'settings', 'settings']);
  expect(textOf(findings, 'writable')).toMatch(/set default_transaction_read_only = off$/);
  expect(textOf(findings, 'isolation')).toMatch(/set default_transaction_isolation = 'read committed'$/);
  expect(textOf(findings, 'settings')).toMatch(/^statement_timeout is 2000 ms.*\nidle_session_timeout ends/);
  expect(textOf(findings, 'durability')).toMatch(/^note: .*synchronous_commit off/);
});

test('a role without rights is told which grants it needs, one after the other', async () => {
  const url = await guest(connectionString);
  for (const right of [/^grant usage on schema/, /^grant select, insert, update, delete on all tables/]) {
    const findings = await look(url);
    expect(toFix(findings)).toEqual(['migration', 'rights']);
    const [, grant = ''] = /owner: (.*)$/.exec(textOf(findings, 'rights')) ?? [];
    expect(grant).toMatch(right);
    await run(connectionString, grant);
  }
  expect(toFix(await look(url))).toEqual([]);
});

test('a role that may not create the schema is told who can let it', async () => {
  const findings = await look(await guest(connectionString), 'elsewhere');
  expect(toFix(findings)).toEqual(['migration', 'rights']);
  expect(textOf(findings, 'rights')).toMatch(
    /may not create schema 'elsewhere'\. As an administrator: grant/,
  );
});

test('a pooler that loses notifications is told from Postgres', async () => {
  const findings = await look(await deafProxy(connectionString));
  expect(toFix(findings)).toEqual(['notifications']);
  expect(textOf(findings, 'notifications')).toMatch(/^do not arrive: .*pooler in transaction mode/);
});
