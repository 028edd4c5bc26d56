import pg from 'pg';
import type { Firelock } from '../../src/firelock.js';
import { cron } from '../../src/schedule/cron.js';
import { eventually } from '../eventually.js';
import { tick } from './tick.js';

/** How long one server takes to fire so many recurring jobs that fall due at once, in milliseconds. */
export async function fireHerd(connectionString: string, firelock: Firelock, count: number): Promise<number> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  const server = firelock.createServer({ jobs: [tick.withHandler(() => undefined)], queues: { other: 1 } });
  try {
    const minute = (new Date().getUTCMinutes() + 30) % 60;
    await firelock.addOrUpdateRecurring('herd', tick, undefined, cron.hourly(minute));
    await client.query(
      `insert into firelock.recurring_jobs (
         id, name, args, queue, priority, attempt_limit, schedule, time_zone, next_run_at
       )
       select 'herd-' || n, name, args, queue, priority, attempt_limit, n % 60 || ' * * * *', 'Europe/Paris', now() + interval '5 s'
       from firelock.recurring_jobs, generate_series(1, $1) as n
       where id = 'herd'`,
      [count],
    );
    await client.query('vacuum analyze firelock.recurring_jobs');
    await server.start();
    const fired = `select count(*)::integer as count, date_part('epoch', max(created_at) - min(occurrence)) * 1000 as ms
      from firelock.jobs where recurring_job_id like 'herd-%'`;
    return await eventually(
      'all are fired',
      async () => {
        const { rows } = await client.query<{ count: number; ms: number }>(fired);
        return rows[0]?.count === count ? rows[0].ms : undefined;
      },
      60_000,
    );
  } finally {
    await server.stop({ grace: 0 });
    await client.end();
  }
}
