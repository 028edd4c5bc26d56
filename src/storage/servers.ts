import type { Kysely, Selectable } from 'kysely';
import { version } from '../version.js';
import type { Asked } from './ask-server.js';
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
  /** Of the firelock package. */
  readonly version: string;
  /** The longest that its event loop was late between its latest two heartbeats; undefined before the first. */
  readonly lagMs: number | undefined;
  /** What a person has asked of it, and when and who did. */
  readonly asked: Asked | undefined;
  readonly askedAt: Date | undefined;
  readonly askedBy: string | undefined;
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

/**
 * Registers a server and answers its id, unique for ever. One that was declared lost while it lived goes on as the successor of
 * the server it was: what a person has asked of that one is asked of it.
 */
export async function registerServer(
  { kysely }: Pick<Database, 'kysely'>,
  server: NewServer,
  former?: string,
): Promise<string> {
  const { id } = await kysely
    .insertInto('servers')
    .values((eb) => {
      const predecessor = eb.selectFrom('servers as former').where('former.id', '=', former ?? null);
      return {
        name: server.name,
        queues: JSON.stringify(server.queues),
        jobNames: JSON.stringify(server.jobNames),
        version: version(),
        asked: predecessor.select('former.asked'),
        askedAt: predecessor.select('former.askedAt'),
        askedBy: predecessor.select('former.askedBy'),
      };
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
  const rows = await serversWithLoad(kysely)
    .orderBy((eb) => eb('state', '=', 'running'), 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  return rows.map(toRecord);
}

/** One server, or undefined if there is none (any more). */
export async function findServer(kysely: Kysely<Tables>, id: string): Promise<ServerRecord | undefined> {
  const row = await serversWithLoad(kysely).where('id', '=', id).executeTakeFirst();
  return row === undefined ? undefined : toRecord(row);
}

function serversWithLoad(kysely: Kysely<Tables>) {
  return kysely
    .selectFrom('servers')
    .selectAll()
    .select((eb) =>
      eb
        .selectFrom('jobs')
        .select((jobs) => jobs.fn.countAll<string>().as('count'))
        .where('jobs.state', '=', 'processing')
        .whereRef('jobs.serverId', '=', 'servers.id')
        .as('processing'),
    );
}

function toRecord(row: Selectable<Tables['servers']> & { readonly processing: string | null }): ServerRecord {
  return {
    id: idOf(row.id),
    name: row.name,
    state: row.state,
    queues: row.queues,
    startedAt: instant(row.startedAt),
    heartbeatAt: instant(row.heartbeatAt),
    stoppedAt: instant(row.stoppedAt),
    version: row.version,
    lagMs: row.lagMs ?? undefined,
    asked: row.asked ?? undefined,
    askedAt: instant(row.askedAt),
    askedBy: row.askedBy ?? undefined,
    processing: Number(row.processing),
  };
}
