import { CamelCasePlugin, Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { InvalidOptionsError } from '../../src/errors.js';
import { createFirelock } from '../../src/firelock.js';
import { defineJob } from '../../src/job/definition.js';
import type { FirelockOptions } from '../../src/options.js';
import { fileDatabase } from '../database.js';
import { eventually } from '../eventually.js';
import { jobInState, openFirelock, silent } from '../firelock.js';
import { networkTo } from '../network.js';

const url = await fileDatabase();
const ping = defineJob({ name: 'ping', handler: () => ({ snake_case: 'kept' }) });
const moreThanOneStatementTakes = Array.from({ length: 20_000 }, () => undefined);

async function runOne(options: FirelockOptions) {
  const firelock = createFirelock({ ...options, logger: silent });
  onTestFinished(() => firelock.close());
  await firelock.createServer({ jobs: [ping] }).start();
  return jobInState(firelock, await firelock.enqueue(ping), 'succeeded');
}

test('with a connection string', async () => {
  expect((await runOne({ connectionString: url })).result).toEqual({ snake_case: 'kept' });
});

test("with the application's pool, which stays open", async () => {
  const pool = new pg.Pool({ connectionString: url });
  onTestFinished(() => pool.end());
  const firelock = createFirelock({ pool, logger: silent });
  await firelock.createServer({ jobs: [ping] }).start();
  await jobInState(firelock, await firelock.enqueue(ping), 'succeeded');
  await firelock.close();
  expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
});

test('with a pool that parses bigints and timestamps in its own way', async () => {
  const own: Readonly<Record<number, (text: string) => unknown>> = { 20: Number, 1184: String };
  const types = { getTypeParser: (id: number) => own[id] ?? pg.types.getTypeParser(id) };
  const pool = new pg.Pool({ connectionString: url, types });
  onTestFinished(() => pool.end());
  const job = await runOne({ pool });
  expect(job.id).toMatch(/^\d+$/);
  expect(job.serverId).toMatch(/^\d+$/);
  expect(job.finishedAt).toBeInstanceOf(Date);
});

test("with the application's Kysely, whatever its plugins; servers poll then", async () => {
  const pool = new pg.Pool({ connectionString: url });
  const kysely = new Kysely<never>({
    dialect: new PostgresDialect({ pool }),
    plugins: [new CamelCasePlugin()],
  });
  onTestFinished(() => kysely.destroy());
  expect((await runOne({ kysely })).result).toEqual({ snake_case: 'kept' });
});

test.each([
  { kind: 'of its own', options: (connectionString: string) => ({ connectionString }) },
  {
    kind: "of the application's pool",
    options: (connectionString: string) => {
      const pool = new pg.Pool({ connectionString });
      pool.on('error', () => undefined);
      onTestFinished(() => pool.end());
      return { pool, connectionString: undefined };
    },
  },
])(
  'a connection $kind that breaks in the middle of a call fails the call, not the process',
  async ({ options }) => {
    const network = await networkTo(url);
    const firelock = openFirelock(url, options(network.connectionString));
    const id = await firelock.enqueue(ping);
    const calls = [
      { question: 'select', call: () => firelock.getJob(id) },
      { question: 'insert', call: () => firelock.enqueueMany(ping, moreThanOneStatementTakes) },
    ];
    for (const { question, call } of calls) {
      const held = network.hold('answers', question);
      const failed = expect(call()).rejects.toThrow(/connection/i);
      await eventually('its answer is on the way', () => held.count() > 0);
      network.cut();
      held.letGo();
      await failed;
    }
    // A process would have ended of an error event that nobody hears; the test runner hears it, and fails the run.
    expect(await firelock.getJob(id)).toMatchObject({ state: 'enqueued' });
  },
);

test.each<[unknown, RegExp]>([
  [{}, /exactly one of connectionString, pool and kysely, got 0/],
  [{ connectionString: url, pool: new pg.Pool() }, /exactly one of .*, got 2/],
  [{ connectionString: '' }, /connectionString: expected a Postgres URL/],
  [{ pool: 'postgres://' }, /pool: expected a pg Pool/],
  [{ connectionString: url, schema: 'Bad Schema' }, /schema: expected up to 48/],
  [{ connectionString: url, schema: 'pg_own' }, /schema: /],
  [{ connectionString: url, shema: 'own' }, /shema: unknown option; did you mean 'schema'\?/],
  [{ connectionString: url, retention: { dead: 'for ever' } }, /retention\.dead: Invalid duration/],
  [{ connectionString: url, logger: console }, /logger: expected a logger/],
])('createFirelock refuses bad options (%#)', (options, message) => {
  expect(() => createFirelock(options as never)).toThrow(InvalidOptionsError);
  expect(() => createFirelock(options as never)).toThrow(message);
});
