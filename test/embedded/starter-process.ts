import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { onTestFinished } from 'vitest';
import type { EmbeddedPostgres, EmbeddedPostgresOptions } from '../../src/embedded/embedded-postgres.js';
import { eventually } from '../eventually.js';

export interface Order {
  readonly options: EmbeddedPostgresOptions;
  /** Where `startEmbeddedPostgres` is imported from: a URL. */
  readonly module: string;
  /** Whether it ends at once without stopping Postgres; otherwise it drains and stops on SIGINT, and just stops on SIGTERM. */
  readonly leave: boolean;
}

export type Report =
  | ({ readonly event: 'started' } & Omit<EmbeddedPostgres, 'stop'>)
  | { readonly event: 'drained' }
  | { readonly event: 'failed'; readonly name: string; readonly message: string };

interface StarterOptions extends Partial<Order> {
  readonly options: EmbeddedPostgresOptions;
  /** Its whole environment: no HOME unless given. */
  readonly env?: Record<string, string>;
  readonly user?: { readonly uid: number; readonly gid: number };
}

const SCRIPT = fileURLToPath(new URL('starter.ts', import.meta.url));
const MODULE = new URL('../../src/embedded/embedded-postgres.ts', import.meta.url).href;
const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

export interface Starter {
  /** Also the id of its process group. */
  readonly pid: number;
  /** When it is gone, and no process holds its stdout any more. */
  readonly closed: Promise<unknown>;
  reports(): Report[];
  /** Waits for its report that Postgres runs. */
  started(): Promise<Extract<Report, { event: 'started' }>>;
}

/** Runs a process, leader of a process group, that starts an embedded Postgres. It is ended with the test. */
export function runStarter({
  options,
  module = MODULE,
  leave = false,
  env = {},
  user,
}: StarterOptions): Starter {
  const order: Order = { options, module, leave };
  const child = spawn(process.execPath, ['--import', TSX, SCRIPT, JSON.stringify(order)], {
    ...user,
    env: { TSX_DISABLE_CACHE: '1', ...env },
    cwd: '/',
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  onTestFinished(async () => {
    child.kill('SIGTERM');
    await closed;
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    output += chunk;
  });
  // One line of JSON per report.
  const reports = () =>
    output
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as Report);
  const started = () =>
    eventually('Postgres was started by another process', () => {
      const [report] = reports();
      if (report?.event === 'failed') throw new Error(report.message);
      return report?.event === 'started' ? report : undefined;
    });
  return { pid: child.pid ?? Number.NaN, closed, reports, started };
}
