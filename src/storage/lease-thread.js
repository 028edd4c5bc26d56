// @ts-check
/**
 * The thread that renews a server's lease, on a connection of its own: a handler that blocks the event loop for a minute
 * does not lose its jobs. It is JavaScript because a thread starts from a file that Node.js itself can load, whatever
 * loader runs the rest. `server/lease.ts` is its other half.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import pg from 'pg';

/** @type {import('./lease.js').LeaseThreadData} */
const { settings, statement, lockName, cell, lateness, timing } = workerData;
const port = /** @type {import('node:worker_threads').MessagePort} */ (parentPort);
/** The instant (hrtime, ns) until which the server may count on its lease: read by the main thread. */
const expiresAt = new BigInt64Array(cell);
/** Written by the main thread: when its event loop ticked last, and how late it was at most since that was read (ns). */
const ticks = new BigInt64Array(lateness.cells);

/** @type {Session | undefined} */
let session;
/** @type {string | undefined} */
let serverId;
/** @type {bigint | undefined} */
let renewedAt;
/** When the connection that held the lock ended; others may take the server for killed a little later. */
/** @type {bigint | undefined} */
let absentSince;
/** Postgres itself has said that it shuts down: nobody can take over, and it comes back as another run. */
let shutsDown = false;
/** How late the main thread was, in ms, since the latest renewal that succeeded. */
let lagMs = 0;
/** Of failures in a row only the first is told. */
let failing = false;
let waking = new AbortController();

port.on('message', (/** @type {import('./lease.js').LeaseThreadMessage} */ message) => {
  if (message.kind === 'renew') return waking.abort();
  session?.end();
  session = undefined;
  absentSince = undefined;
  serverId = message.serverId;
  renewedAt = undefined;
  waking.abort();
  void keep(serverId);
});

/** Renews the lease until the server is lost, or has another id. */
async function keep(/** @type {string} */ id) {
  for (;;) {
    if (serverId !== id) return;
    waking = new AbortController();
    const pauseMs = await turn(id);
    await sleep(pauseMs, undefined, { signal: waking.signal }).catch(() => undefined);
  }
}

/** One renewal; answers how long to wait until the next. */
async function turn(/** @type {string} */ id) {
  try {
    session ??= await Session.open(() => waking.abort());
    const sentAt = process.hrtime.bigint();
    lagMs = Math.max(lagMs, readLagMs());
    const renewal = await session.renew(id);
    if (renewal === undefined) return lost(id);
    lagMs = 0;
    port.postMessage({ kind: 'renewed', serverId: id, asked: renewal.asked });
    renewedAt = sentAt;
    absentSince = undefined;
    failing = false;
    return timing.everyMs;
  } catch (error) {
    failed(/** @type {Error & { code?: string }} */ (error));
    return timing.retryMs;
  } finally {
    publish();
  }
}

function lost(/** @type {string} */ id) {
  if (serverId === id) {
    serverId = undefined;
    port.postMessage({ kind: 'lost', serverId: id });
  }
  return 0;
}

function failed(/** @type {Error & { code?: string }} */ error) {
  const { code = '' } = error;
  // Refused connections alone may be a proxy of ours that is gone, while others still reach Postgres.
  shutsDown =
    ['57P01', '57P02', '57P03'].includes(code) || (shutsDown && ['ECONNREFUSED', 'ENOENT'].includes(code));
  if (session?.locked) absentSince ??= process.hrtime.bigint();
  session?.end();
  session = undefined;
  if (!failing) port.postMessage({ kind: 'failed', message: error.message, code: error.code });
  failing = true;
}

/** The longest since this was asked last; a main thread that is late for its next tick is late already. */
function readLagMs() {
  const longest = Atomics.exchange(ticks, 1, 0n);
  const late = process.hrtime.bigint() - Atomics.load(ticks, 0) - BigInt(lateness.everyMs) * 1_000_000n;
  return Number(late > longest ? late : longest) / 1e6;
}

function publish() {
  if (renewedAt === undefined) return;
  const byLease = renewedAt + BigInt(timing.leaseMs) * 1_000_000n;
  const byAbsence =
    absentSince === undefined || shutsDown ? byLease : absentSince + BigInt(timing.absenceMs) * 1_000_000n;
  Atomics.store(expiresAt, 0, byLease < byAbsence ? byLease : byAbsence);
}

/** One connection, and the lock on it. */
class Session {
  locked = false;
  /** @type {Error | undefined} */
  #broken;
  #client;

  /** Connects; `onBroken` is called when the connection ends by itself. */
  static async open(/** @type {() => void} */ onBroken) {
    const session = new Session(onBroken);
    try {
      await session.#client.connect();
      return session;
    } catch (error) {
      session.end();
      throw error;
    }
  }

  constructor(/** @type {() => void} */ onBroken) {
    this.#client = new pg.Client(settings);
    this.#client.on('error', (error) => {
      this.#broken ??= error;
      onBroken();
    });
  }

  /** What is asked of the server; undefined if it does not run any more. */
  async renew(/** @type {string} */ id) {
    if (this.#broken !== undefined) throw this.#broken;
    const backend = /** @type {{ processID?: number }} */ (this.#client).processID ?? null;
    const { rows } = await this.#client.query(statement, [id, backend, lockName, this.locked, lagMs]);
    /** @type {import('./lease.js').Renewal | undefined} */
    const renewal = rows[0];
    this.locked ||= renewal?.locked === true;
    return renewal;
  }

  /** Called for a connection that failed, or whose lock is no longer wanted: either way it has nothing more to say. */
  end() {
    this.#client.removeAllListeners('error').on('error', () => undefined);
    this.#client.connection.stream.destroy();
  }
}
