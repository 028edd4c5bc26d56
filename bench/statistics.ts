/**
 * What statistics cost: one process drains the same queue with and without them, by turns. Machines are noisy: trust the ratio,
 * not the figures. `node --import tsx bench/statistics.ts --rounds 10 --count 200000 --slots 50`
 */
import { parseArgs } from 'node:util';
import pg from 'pg';
import { Statistics } from '../src/server/statistics.js';
import { drain } from './measures.js';
import { withPostgres } from './postgres.js';
import { median } from './report.js';
import { firelockSystem } from './systems/firelock.js';

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '10' },
    count: { type: 'string', default: '200000' },
    slots: { type: 'string', default: '50' },
  },
});
const counting = Object.getOwnPropertyDescriptor(Statistics.prototype, 'count') ?? {};
const slots = Number(options.slots);
const count = Number(options.count);

await withPostgres(async (connectionString) => {
  const system = await firelockSystem(connectionString);
  const ratios: number[] = [];
  for (let round = 0; round < Number(options.rounds); round += 1) {
    const figures = { with: 0, without: 0 };
    // Whoever goes first finds the machine cooler: they take turns.
    for (const how of round % 2 === 0 ? (['with', 'without'] as const) : (['without', 'with'] as const)) {
      await system.reset();
      switchOn(how === 'with');
      figures[how] = await drain(system, { count, slots, fetchSize: slots });
    }
    ratios.push(figures.with / figures.without);
    console.log(`with ${Math.round(figures.with)}/s, without ${Math.round(figures.without)}/s`);
  }
  console.log(`with : without, median of ${ratios.length} rounds: ${median(ratios).toFixed(4)}`);
  await system.close();
  console.log(await statements(connectionString));
});

/** The product has no switch for it: without, its method does nothing, and where nothing is counted nothing is written. */
function switchOn(isOn: boolean): void {
  Object.defineProperty(Statistics.prototype, 'count', isOn ? counting : { value: () => undefined });
}

async function statements(connectionString: string): Promise<string> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  await client.query('create extension if not exists pg_stat_statements');
  const { rows } = await client.query<{ calls: string; ms: number }>(
    `select calls, mean_exec_time as ms from pg_stat_statements where query like '%statistics as kept%' and calls > 0`,
  );
  await client.end();
  return rows.map(({ calls, ms }) => `${calls} statements, ${ms.toFixed(2)} ms each`).join('\n');
}
