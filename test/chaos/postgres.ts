import { join, dirname } from 'node:path';
import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
  startEmbeddedPostgres,
} from '../../src/embedded/embedded-postgres.js';
import { setting } from '../embedded/query.js';
import { eventually } from '../eventually.js';
import { inDatabase, run } from '../global-setup.js';
import type { Guard } from './guard.js';

/** How Postgres goes down: as `pg_ctl stop -m fast`, `-m immediate`, or by a SIGKILL of its main process. */
export const shutdowns = ['fast', 'immediate', 'SIGKILL'] as const;
type Shutdown = (typeof shutdowns)[number];

/** The Postgres of a run. */
export interface ChaosPostgres {
  /** Where it is at this moment: a restarted one is elsewhere. */
  readonly connectionString: string;
  /** Takes it down and, after a while, up again; undefined if it is not ours to restart. */
  readonly restart: ((how: Shutdown, awayMs: number) => Promise<void>) | undefined;
  stop(): Promise<void>;
  /** Removes its data; only when it is stopped. */
  remove(): Promise<void>;
}

interface OwnOptions {
  readonly folder: string;
  readonly database: string;
  readonly guard: Guard;
}

/** One of the run's own, in a folder of its own. */
export async function ownPostgres({ folder, database, guard }: OwnOptions): Promise<ChaosPostgres> {
  const options: EmbeddedPostgresOptions = {
    dataDir: join(folder, 'postgres'),
    database,
    settings: { max_connections: '300' },
  };
  let running = await startEmbeddedPostgres(options);
  let latest = Promise.resolve();
  // Elsewhere than was asked for if root has a folder that Postgres' user cannot enter.
  const cluster = (await setting(running.connectionString, 'data_directory')) ?? '';
  guard.watchPostgres(cluster);
  return {
    get connectionString() {
      return running.connectionString;
    },
    restart(how, awayMs) {
      const restart = async () => {
        await shutDown(running, how);
        await sleep(awayMs);
        running = await startEmbeddedPostgres(options);
      };
      latest = latest.then(restart); // one after the other
      return latest;
    },
    async stop() {
      await running.stop();
      guard.watchPostgres(null);
    },
    remove: () => rm(dirname(cluster), { recursive: true, force: true }),
  };
}

/** A database of the run's own on a server that is there already. */
export async function givenPostgres(url: string, database: string): Promise<ChaosPostgres> {
  const drop = `drop database if exists ${database} with (force)`;
  await run(url, drop, `create database ${database}`);
  return {
    connectionString: inDatabase(url, database),
    restart: undefined,
    stop: () => Promise.resolve(),
    remove: () => run(url, drop),
  };
}

async function shutDown(postgres: EmbeddedPostgres, how: Shutdown): Promise<void> {
  if (how !== 'fast') {
    process.kill(postgres.pid, how === 'immediate' ? 'SIGQUIT' : 'SIGKILL');
    await eventually('Postgres is gone', () => !isAlive(postgres.pid));
  }
  await postgres.stop();
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
