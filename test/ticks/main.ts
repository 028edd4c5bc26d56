/**
 * `npm run ticks`: 500 ticks of a one-second schedule, with three servers of which one is killed every 2 to 5 s. Says which
 * are missing, which came twice, and how late they were; then how long one server takes for 10,000 that are due at once.
 */
import { rm } from 'node:fs/promises';
import { pino } from 'pino';
import { startEmbeddedPostgres } from '../../src/embedded/embedded-postgres.js';
import { createFirelock } from '../../src/firelock.js';
import { fireHerd } from './herd.js';
import { percentile, runTicks } from './ticks.js';

const count = Number(process.argv[2] ?? 500);
const HERD = 10_000;
const dataDir = `.firelock/ticks-${process.pid}`;
const postgres = await startEmbeddedPostgres({ dataDir, database: 'ticks' });
const { connectionString } = postgres;
const firelock = createFirelock({ connectionString, logger: pino({ level: 'silent' }) });
await firelock.migrate();
const report = await runTicks({ connectionString, firelock, count, servers: 3, killEvery: [2, 5] });
await firelock.removeRecurring('tick');
const herdMs = await fireHerd(connectionString, firelock, HERD);
await firelock.close();
await postgres.stop();
await rm(dataDir, { recursive: true, force: true });

const { kills, missing, doubled, lateMs } = report;
const late = (part: number) => `${percentile(lateMs, part).toFixed(1)} ms`;
process.stdout.write(
  `${lateMs.length} ticks of a one-second schedule, 3 servers, ${kills} SIGKILLs
missing: ${missing.join(', ') || 'none'}
doubled: ${doubled.join(', ') || 'none'}
late by: p50 ${late(0.5)}, p95 ${late(0.95)}, p99 ${late(0.99)}, max ${late(1)}
${HERD} recurring jobs due at once, 1 server: the last is fired ${(herdMs / 1000).toFixed(2)} s after their instant
`,
);
if (missing.length + doubled.length > 0) process.exitCode = 1;
