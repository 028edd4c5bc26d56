/**
 * `npm run bench`: Firelock beside graphile-worker, in one run, on one Postgres, in alternating rounds. Machines are noisy:
 * trust the ratio in the last column, not the figures. Options: --rounds 3, --scale 1, --only <part of a title>, --json <file>.
 */
import { writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { type Measure, plan } from './plan.js';
import { withPostgres } from './postgres.js';
import { type Result, table } from './report.js';
import { firelockSystem } from './systems/firelock.js';
import { graphileWorkerSystem } from './systems/graphile-worker.js';
import type { System } from './systems/system.js';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    scale: { type: 'string', default: '1' },
    only: { type: 'string', default: '' },
    json: { type: 'string' },
  },
});

await withPostgres(bench);

async function bench(connectionString: string): Promise<void> {
  console.log(
    `${await postgresVersion(connectionString)}, Node.js ${process.version}, ${cpus().length} cores\n`,
  );
  const systems = [await firelockSystem(connectionString), await graphileWorkerSystem(connectionString)];
  const names = systems.map(({ name }) => name);
  const results: Result[] = [];
  for (const measure of plan(Number(options.scale)).filter(({ title }) => title.includes(options.only))) {
    const result = await runRounds(measure, systems, connectionString);
    results.push(result);
    console.log(table([result], names).split('\n').at(-1));
  }
  console.log(`\n${table(results, names)}`);
  if (options.json !== undefined)
    await writeFile(options.json, `${JSON.stringify(results.map(toJson), null, 2)}\n`);
  for (const system of systems) await system.close();
}

async function runRounds(
  measure: Measure,
  systems: readonly System[],
  connectionString: string,
): Promise<Result> {
  const figures = new Map<string, number[]>(systems.map(({ name }) => [name, []]));
  for (let round = 0; round < Number(options.rounds); round += 1) {
    // Whoever goes first finds the machine cooler: they take turns.
    for (const system of round % 2 === 0 ? systems : systems.toReversed()) {
      await system.reset();
      const figure = await measure.run(system, connectionString);
      if (figure !== undefined) figures.get(system.name)?.push(figure);
    }
  }
  return { measure, figures };
}

function toJson({ measure, figures }: Result): object {
  return { title: measure.title, unit: measure.unit, figures: Object.fromEntries(figures) };
}

async function postgresVersion(connectionString: string): Promise<string> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  const { rows } = await client.query<{ version: string }>('select version()');
  await client.end();
  return rows[0]?.version.split(' on ')[0] ?? 'Postgres';
}
