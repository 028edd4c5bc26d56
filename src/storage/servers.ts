import type { Kysely } from 'kysely';
import type { Database } from './database.js';
import { idOf, instant } from './normalised.js';
import type { Executor, Statement } from './statement.js';
import type { Tables } from './tables.js';

/** A process that takes jobs, or took some lately. */
export interface ServerRecord {
  readonly id: string;
  /** Host name and process id, for people; the id is what identifies it. */
  readonly name: string;
  readonly state: 'running' | 'stopped' | 'lost';
  /** Slots by queue. */
  readonly queues: Readonly<Record<string, number>>;
  readonly startedAt: Date;
  readonly heartbeatAt: Date;
  readonly stoppedAt: Date | undefined;
  /** How many jobs it is running. */
  readonly processing: number;
}

export interface NewServer {
  readonly name: string;
  /** Slots by queue. */
  readonly queues: Readonly<Record<string, number>>;
  /** The jobs that it has handlers for. */
  readonly jobNames: readonly string[];
}

/** Registers a server and answers its id, unique for ever. */
export async function registerServer(database: Database, server: NewServer): Promise<string> {
  const { id } = await database.kysely
    .insertInto('servers')
    .values({
      name: server.name,
      queues: JSON.stringify(server.queues),
      jobNames: JSON.stringify(server.jobNames),
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return idOf(id);
}

/** Notes that a server has left by itself. */
export async function markStopped(executor: Executor, serverId: string): Promise<void> {
  await executor.run(stopStatement, [serverId]);
}

const stopStatement: Statement = {
  name: 'mark-server-stopped',
  text: `update firelock.servers set state = 'stopped', stopped_at = now() where id = $1 and state = 'running'`,
};

/** Removes servers that left longer ago than this and that no job is waiting for. */
export async function forgetServers(executor: Executor, retentionMs: number): Promise<void> {
  await executor.run(forgetStatement, [retentionMs]);
}

const forgetStatement: Statement = {
  name: 'forget-servers',
  text: `
    delete from firelock.servers
    where state <> 'running' and stopped_at < now() - $1::double precision * interval '1 millisecond'`,
};

/** The servers, running ones first, then the latest to leave. */
export async function listServers(kysely: Kysely<Tables>, limit: number): Promise<readonly ServerRecord[]> {
  const rows = await kysely
    .selectFrom('servers')
    .selectAll()
    .select((eb) =>
      eb
        .selectFrom('jobs')
        .select((jobs) => jobs.fn.countAll<string>().as('count'))
        .where('jobs.state', '=', 'processing')
        .whereRef('jobs.serverId', '=', 'servers.id')
        .as('processing'),
    )
    .orderBy((eb) => eb('state', '=', 'running'), 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => ({
    ...row,
    id: idOf(row.id),
    startedAt: instant(row.startedAt),
    heartbeatAt: instant(row.heartbeatAt),
    stoppedAt: instant(row.stoppedAt),
    processing: Number(row.processing),
  }));
}
