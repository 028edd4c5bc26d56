import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { BOUNCING_DOMAIN, type SmtpServer, startSmtpServer } from '../../examples/shop/mail/smtp-server.js';
import { type MailCount, countMails } from './mail-count.js';
import { post, ShopProcess, urlOf } from './shop-process.js';

export interface ProofOptions {
  readonly connectionString: string;
  readonly orders: number;
  /** How long the mail server takes to accept a mail. */
  readonly latencyMs: readonly [number, number];
  /** What is not done by then counts as lost. */
  readonly limitMs: number;
  /** Hears how many orders have been placed. */
  readonly onProgress?: (placed: number) => void;
}

export interface Proof extends MailCount {
  readonly placed: number;
  readonly placingSeconds: number;
  readonly seconds: number;
  /** How often a server process was stopped and another started. */
  readonly restarts: number;
  /** Jobs that were running on a server when it was told to stop. */
  readonly runningAtStop: number;
  readonly exitCodes: readonly (number | NodeJS.Signals)[];
}

const CUSTOMERS_AT_ONCE = 16;
const REFUSED_SHARE = 0.05;
/** The share of customers whose address does not exist: their mails must end as dead letters. */
const BOUNCING_SHARE = 0.02;

interface Surroundings {
  readonly db: pg.Pool;
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * Places orders through the web process while two of three server processes are stopped with SIGTERM and started, again
 * and again, until every job has ended; then counts mails by the mail server's own log.
 */
export async function proveRollingRestart(options: ProofOptions): Promise<Proof> {
  const smtp = await startSmtpServer({ latencyMs: options.latencyMs, refusedShare: REFUSED_SHARE });
  const db = new pg.Pool({ connectionString: options.connectionString, max: 5 });
  db.on('error', () => undefined); // the query that fails reports it
  const environment = { DATABASE_URL: options.connectionString, SMTP_URL: smtp.url };
  const web = new ShopProcess('web', environment);
  try {
    return await prove(options, { smtp, url: await urlOf(web), surroundings: { db, environment } });
  } finally {
    await web.kill();
    await smtp.stop();
    await db.end();
  }
}

interface Scene {
  readonly smtp: SmtpServer;
  readonly url: string;
  readonly surroundings: Surroundings;
}

async function prove(options: ProofOptions, { smtp, url, surroundings }: Scene): Promise<Proof> {
  const begin = performance.now();
  const limit = AbortSignal.timeout(options.limitMs);
  const over = new AbortController();
  const steady = keepRestarting(surroundings, { signal: over.signal, restart: false });
  const restarted = [1, 2].map(() => keepRestarting(surroundings, { signal: over.signal, restart: true }));
  const servers = Promise.all([steady, ...restarted]);
  let orderIds: number[];
  let placingSeconds: number;
  let seconds: number;
  try {
    // A server that fails must end the proof now, not when all orders are placed.
    orderIds = await Promise.race([placeOrders(url, options, limit), failureOf(servers)]);
    placingSeconds = secondsSince(begin);
    await Promise.race([allJobsEnded(surroundings.db, limit), failureOf(servers)]);
    seconds = secondsSince(begin);
  } finally {
    over.abort();
    await Promise.allSettled([servers]);
  }
  const lives = (await servers).flat();
  return {
    ...(await countMails(orderIds, smtp.log, surroundings.db)),
    placed: new Set(orderIds).size,
    placingSeconds,
    seconds,
    restarts: lives.length - 3,
    runningAtStop: lives.reduce((sum, life) => sum + life.runningAtStop, 0),
    exitCodes: [...new Set(lives.map((life) => life.exitCode))],
  };
}

async function placeOrders(
  url: string,
  { orders, onProgress }: ProofOptions,
  limit: AbortSignal,
): Promise<number[]> {
  const ids: number[] = [];
  let next = 0;
  const customer = async () => {
    for (let number = next++; number < orders && !limit.aborted; number = next++) {
      // They come first, because their retries take longest.
      const domain = number < orders * BOUNCING_SHARE ? BOUNCING_DOMAIN : 'customers.example';
      const order = { customer: 'Ada', email: `ada.${number}@${domain}`, product: 'Desk lamp', quantity: 1 };
      const { status, answer } = await post(`${url}/checkout`, order);
      if (status !== 201)
        throw new Error(`order ${number} was answered with ${status}: ${JSON.stringify(answer)}`);
      ids.push((answer as { placed: number }).placed);
      onProgress?.(ids.length);
    }
  };
  await Promise.all(Array.from({ length: CUSTOMERS_AT_ONCE }, customer));
  return ids;
}

/** How one server process ended. */
interface Life {
  readonly runningAtStop: number;
  readonly exitCode: number | NodeJS.Signals;
}

/** Runs a server process until the end; with `restart` one after the other, each for a moment. */
async function keepRestarting(
  { db, environment }: Surroundings,
  { signal, restart }: { readonly signal: AbortSignal; readonly restart: boolean },
): Promise<Life[]> {
  const lives: Life[] = [];
  while (!signal.aborted) {
    const server = new ShopProcess('worker', environment);
    try {
      const serverId = await server.printed(/Server (\d+) runs jobs/);
      await sleep(restart ? 200 + Math.random() * 1300 : 2 ** 31 - 1, undefined, { signal }).catch(
        () => undefined,
      );
      const running = await db.query(
        `select from firelock.jobs where state = 'processing' and server_id = $1`,
        [serverId],
      );
      server.signal('SIGTERM');
      lives.push({ runningAtStop: running.rowCount ?? 0, exitCode: await server.exited });
    } finally {
      await server.kill();
    }
  }
  return lives;
}

async function allJobsEnded(db: pg.Pool, limit: AbortSignal): Promise<void> {
  while (!limit.aborted) {
    const open = await db.query(
      `select from firelock.jobs where state not in ('succeeded', 'dead') and args ? 'orderId' limit 1`,
    );
    if (open.rowCount === 0) return;
    await sleep(200);
  }
}

/** Never resolves; rejects when the servers do. */
function failureOf(servers: Promise<unknown>): Promise<never> {
  return servers.then(() => new Promise<never>(() => undefined));
}

function secondsSince(begin: number): number {
  return (performance.now() - begin) / 1000;
}
