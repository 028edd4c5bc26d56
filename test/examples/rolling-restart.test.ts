import { expect, it } from 'vitest';
import { fileDatabase } from '../database.js';
import { proveRollingRestart } from './restart-proof.js';

const connectionString = await fileDatabase();

it('sends each mail exactly once while servers are stopped and started, or keeps it as a dead letter with the reason', async () => {
  const proof = await proveRollingRestart({
    connectionString,
    orders: 300,
    latencyMs: [200, 600],
    limitMs: 60_000,
  });
  expect(proof).toMatchObject({ placed: 300, expected: 900, twice: [], lost: [], exitCodes: [0] });
  // Six orders come from people whose address does not exist: neither their confirmation nor their invoice can be sent.
  expect([proof.once, proof.dead]).toEqual([888, 12]);
  expect(proof.deadReasons).toEqual([expect.stringContaining('550 5.1.1 There is no ada')]);
  // Else the proof would have shown nothing.
  expect(proof.refused).toBeGreaterThan(0);
  expect(proof.restarts).toBeGreaterThanOrEqual(4);
  expect(proof.runningAtStop).toBeGreaterThan(0);
}, 90_000);
