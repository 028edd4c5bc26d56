/**
 * Places orders while servers are restarted, at any size: `npx tsx test/examples/rolling-restart.ts 10000`. In a database
 * of its own on the server of DATABASE_URL, else of the embedded Postgres.
 */
import { startEmbeddedPostgres } from '../../src/embedded/embedded-postgres.js';
import { inDatabase, run } from '../global-setup.js';
import { type Proof, proveRollingRestart } from './restart-proof.js';

const DATABASE = 'firelock_rolling_restart';

const orders = Number(process.argv[2] ?? 10_000);
const given = process.env['DATABASE_URL'];
const embedded =
  given === undefined
    ? await startEmbeddedPostgres({ dataDir: '.firelock/test-postgres', database: 'postgres' })
    : undefined;
const adminUrl = embedded?.connectionString ?? given ?? '';
try {
  await run(adminUrl, `drop database if exists ${DATABASE} with (force)`, `create database ${DATABASE}`);
  const proof = await proveRollingRestart({
    connectionString: inDatabase(adminUrl, DATABASE),
    orders,
    latencyMs: [20, 80],
    limitMs: 30 * 60_000,
    onProgress: (placed) => placed % 1000 === 0 && process.stdout.write(`  ${placed} orders placed\n`),
  });
  process.stdout.write(summary(proof));
  process.exitCode = proof.once + proof.dead === 3 * orders && proof.twice.length === 0 ? 0 : 1;
} finally {
  await run(adminUrl, `drop database if exists ${DATABASE} with (force)`);
  await embedded?.stop();
}

function summary(proof: Proof): string {
  return `
  orders placed            ${proof.placed} in ${proof.placingSeconds.toFixed(0)} s
  every job ended after    ${proof.seconds.toFixed(0)} s
  servers restarted        ${proof.restarts} times, exit codes ${proof.exitCodes.join(', ')}
  jobs running at a stop   ${proof.runningAtStop}
  refused at first         ${proof.refused} mails
  sent exactly once        ${proof.once} of ${proof.expected} mails
  dead letters, explained  ${proof.dead} (${proof.deadReasons.join('; ')})
  sent twice               ${proof.twice.length} ${proof.twice.slice(0, 5).join(' ')}
  lost                     ${proof.lost.length} ${proof.lost.slice(0, 5).join(' ')}
`;
}
