import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import pg from 'pg';
import { pino } from 'pino';
import type { TestProject } from 'vitest/node';
import { startEmbeddedPostgres } from '../src/embedded/embedded-postgres.js';
import { createFirelock } from '../src/firelock.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** A Postgres in which databases may be created. */
    adminUrl: string;
    /** A migrated database that each test file clones. */
    template: string;
  }
}

/** One Postgres for the whole run: that of DATABASE_URL, else the embedded one. One template database, migrated once. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  // Of this run alone: two runs at once must not stop each other's.
  const dataDir = `.firelock/test-postgres-${process.pid}`;
  const given = process.env['DATABASE_URL'];
  const embedded =
    given === undefined
      ? await startEmbeddedPostgres({
          dataDir,
          database: 'postgres',
          durable: false,
          settings: { max_connections: '200' },
        })
      : undefined;
  const adminUrl = embedded?.connectionString ?? given ?? '';
  const template = `firelock_test_${randomBytes(4).toString('hex')}`;
  await run(adminUrl, `create database ${template}`);
  await migrate(inDatabase(adminUrl, template));
  project.provide('adminUrl', adminUrl);
  project.provide('template', template);
  return async () => {
    await dropAll(adminUrl, template);
    await embedded?.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
}

/** The same server, another database. */
export function inDatabase(connectionString: string, database: string): string {
  const url = new URL(connectionString);
  url.pathname = `/${database}`;
  return url.href;
}

export async function run(connectionString: string, ...statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

async function migrate(connectionString: string): Promise<void> {
  const firelock = createFirelock({ connectionString, logger: pino({ level: 'silent' }) });
  await firelock.migrate();
  await firelock.close();
}

/** The template and whatever clones a file that crashed has left. */
async function dropAll(adminUrl: string, template: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  const { rows } = await client.query<{ datname: string }>(
    'select datname from pg_database where datname like $1',
    [`${template}%`],
  );
  for (const { datname } of rows) await client.query(`drop database if exists ${datname} with (force)`);
  await client.end();
}
