import { expect, test } from 'vitest';
import { defineJob } from '../../src/job/definition.js';
import { fileConnection, fileDatabase } from '../database.js';
import { eventually } from '../eventually.js';
import { connect, jobInState, openFirelock, startServer } from '../firelock.js';

const url = await fileDatabase();
const client = await fileConnection(url);

/** Kills the connections that wait for a lock of this one; answers how many did. */
async function killThoseWhoWaitFor(holder: number): Promise<number> {
  const { rowCount } = await client.query(
    'select pg_terminate_backend(pid) from pg_stat_activity where $1 = any(pg_blocking_pids(pid))',
    [holder],
  );
  return rowCount ?? 0;
}

test('an outcome whose connection dies while it waits for a lock is written again, once (I4)', async () => {
  const firelock = openFirelock(url);
  let finish: () => void = () => undefined;
  let runs = 0;
  const job = defineJob({
    name: 'job',
    handler: () => {
      runs += 1;
      return new Promise<string>((resolve) => (finish = () => resolve('kept')));
    },
  });
  await startServer(firelock, { jobs: [job] });
  const id = await firelock.enqueue(job);
  await eventually('it runs', () => runs === 1);
  const holder = await connect(url);
  const { rows } = await holder.query<{ pid: number }>('select pg_backend_pid() as pid');
  await holder.query('begin');
  await holder.query('select from firelock.jobs where id = $1 for update', [id]);
  finish();
  await eventually('its outcome waits', async () => (await killThoseWhoWaitFor(rows[0]?.pid ?? 0)) === 1);
  await holder.query('rollback');
  const ended = await jobInState(firelock, id, 'succeeded');
  expect(ended).toMatchObject({ attempt: 1, attemptLimit: 10, result: 'kept' });
  expect(runs).toBe(1);
});
