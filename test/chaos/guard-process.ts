/** See guard.ts. Ends when the orchestrator has: then whatever it still had is ended too. */
import { setTimeout as sleep } from 'node:timers/promises';
import { findPostmaster, removeRemains } from '../../src/embedded/postmaster.js';
import type { Order } from './guard.js';

const POLL_MS = 200;
const LIMIT_MS = 30_000;

const pids = new Set<number>();
let cluster: string | null = null;

process.on('message', (message) => {
  // Sent by guard.ts.
  const order = message as Order;
  if (order.kind === 'postgres') cluster = order.cluster;
  else if (order.kind === 'watch') pids.add(order.pid);
  else pids.delete(order.pid);
});

// The orchestrator may be gone before this process listens.
if (process.connected) process.once('disconnect', () => void cleanUp());
else setImmediate(() => void cleanUp());

async function cleanUp(): Promise<void> {
  for (const pid of pids) endProcess(pid, 'SIGKILL');
  if (cluster !== null) await stopPostgres(cluster);
}

/** It may have been on its way up or down when the orchestrator was killed. */
async function stopPostgres(folder: string): Promise<void> {
  for (let waited = 0; waited < LIMIT_MS; waited += POLL_MS) {
    const postmaster = await findPostmaster(folder);
    if (postmaster !== undefined) endProcess(postmaster.pid, 'SIGINT');
    else if (waited > 2000) return removeRemains(folder);
    await sleep(POLL_MS);
  }
}

function endProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended by itself.
  }
}
