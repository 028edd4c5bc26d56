/**
 * `npm run bench:dashboard`: every page of the dashboard and every kind of filter over ten million jobs, while 1,000 jobs a second
 * are enqueued and run. Options after `--`: `--jobs 10000000`, `--rate 1000`, `--rounds 30`, `--only <part of a title>`,
 * `--drains 5` (how often it measures what open pages cost the servers).
 */
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { askAll } from './dashboard/ask-all.js';
import { compareDrains } from './dashboard/drains.js';
import { fill } from './dashboard/fill.js';
import { Load } from './dashboard/load.js';
import { requests } from './dashboard/requests.js';
import { openSite } from './dashboard/site.js';
import { table } from './dashboard/table.js';
import { withPostgres } from './postgres.js';

const { values: options } = parseArgs({
  options: {
    jobs: { type: 'string', default: '10000000' },
    rate: { type: 'string', default: '1000' },
    rounds: { type: 'string', default: '30' },
    only: { type: 'string', default: '' },
    drains: { type: 'string', default: '5' },
  },
});

await withPostgres(async (connectionString) => {
  await fill(connectionString, Number(options.jobs));
  await describe(connectionString);
  if (Number(options.rounds) > 0) await askUnderLoad(connectionString);
  if (Number(options.drains) > 0) console.log(await compareDrains(connectionString, Number(options.drains)));
}, '.firelock/dashboard-postgres');

async function describe(connectionString: string): Promise<void> {
  const [row] = await query<{ version: string; jobs: string; bytes: string }>(
    connectionString,
    `select version(), to_char(count, 'FM999,999,999') as jobs, pg_size_pretty(pg_database_size(current_database())) as bytes
     from (select count(*) from firelock.jobs) as counted`,
  );
  console.log(
    `${row?.version.split(' on ')[0]}, Node.js ${process.version}, ${cpus().length} cores; ${row?.jobs} jobs, ${row?.bytes}\n`,
  );
}

async function askUnderLoad(connectionString: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  const load = new Load(connectionString, Number(options.rate));
  await load.started();
  const wanted = (await requests(client)).filter(({ title }) => title.includes(options.only));
  await client.end();
  const site = await openSite(connectionString);
  console.log(`the first request after the start: ${(await site.ask('/')).toFixed(0)} ms`);
  load.begin();
  const before = loadavg()[0];
  const timings = await askAll(site, wanted, Number(options.rounds));
  const { enqueued, ran, behind } = load.rates();
  console.log(table(timings));
  console.log(
    `meanwhile ${enqueued.toFixed(0)} jobs a second were enqueued and ${ran.toFixed(0)} run, ${behind} wait at the end; ` +
      `load of the machine ${before?.toFixed(1)} to ${loadavg()[0]?.toFixed(1)}\n`,
  );
  await site.close();
  await load.stop();
}

async function query<Row extends pg.QueryResultRow>(
  connectionString: string,
  text: string,
): Promise<readonly Row[]> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  const { rows } = await client.query<Row>(text);
  await client.end();
  return rows;
}
