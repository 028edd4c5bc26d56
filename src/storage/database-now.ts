import type { Executor, Statement } from './statement.js';

/** Reads the database's clock. */
export async function databaseNow(executor: Executor): Promise<Date> {
  const [row] = await executor.run<{ ms: number }>(statement);
  return new Date(Math.round(row?.ms ?? Number.NaN));
}

const statement: Statement = {
  name: 'now',
  text: `select date_part('epoch', clock_timestamp()) * 1000 as ms`,
};
