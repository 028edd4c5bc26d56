import { defineJob } from '../../../src/job/definition.js';
import type { Firelock } from '../../../src/firelock.js';
import { putMany } from '../../bulk-acts.js';
import { eventually } from '../../eventually.js';
import { connect, startServer } from '../../firelock.js';
import { idle, jobInEachState } from '../jobs.js';
import type { Desk } from './desk.js';

const LONG = `a-very-long-name-without-any-place-to-break-it-${'x'.repeat(70)}`;
/** As many lines as are kept of an attempt, and bars. */
const talkative = defineJob({
  name: 'talkative',
  queue: 'talks',
  handler: (_args, { log, progress, progressBar, signal }) => {
    for (let line = 0; line < 999; line += 1) log.info({ line }, `line ${line} ${LONG}`);
    log.error(new Error(LONG), 'nearly');
    progress(40);
    progressBar(LONG)(70);
    return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  },
});
const tooLong = { ...idle, name: LONG };

/** Something on every page, and the paths of all of them, forms included. */
export async function fill({ firelock, connectionString }: Desk): Promise<readonly string[]> {
  const ids = await jobInEachState(firelock);
  const odd = await firelock.enqueue(tooLong, undefined, { queue: LONG, tags: ['urgent', LONG] });
  await firelock.reschedule(ids.scheduled, '2h', { by: 'ann@example.com', reason: `not yet: ${LONG}` });
  await firelock.pauseQueue('nobody', { by: 'ann@example.com', reason: LONG });
  await addRecurringJobs(firelock);
  const client = await connect(connectionString);
  await client.query(manyAttempts, [ids.failed]);
  await startServer(firelock, { jobs: [talkative], queues: { talks: 1 }, name: LONG });
  const talking = await firelock.enqueue(talkative);
  await eventually('it has been heard', async () => {
    const { rows } = await client.query('select from firelock.progress_bars where job_id = $1', [talking]);
    return rows.length === 2;
  });
  await putMany(client, { name: 'one-of-many', state: 'failed', count: 210 });
  const forms = ['delete', 'reschedule', 'change', 'again'].map((form) => `${ids.scheduled}/${form}`);
  const { processing, failed, deleted, succeeded } = ids;
  return [
    '',
    'scheduled',
    'processing',
    'failed?size=200',
    'failed?q=name%3Anobody',
    'dead',
    'dead/groups',
    'jobs',
    'jobs?q=nonsense%3A',
    processing,
    failed,
    deleted,
    succeeded,
    odd,
    talking,
    ...forms,
    `failed/delete?ids=${failed}`,
    'failed/all/retry',
    'failed/all/delete?q=name%3Aone-of-many',
    'bulk/1',
    'queues',
    `queues/pause?queue=${LONG}`,
    'servers',
    'servers/stop?id=1',
    'recurring',
    'recurring/job?id=nightly',
    'recurring/job?id=paused',
    'recurring/change?id=nightly',
    'recurring/remove?ids=nightly&ids=paused',
    'audit',
    '999999',
    'no/such/page',
  ].map((path) => `/jobs/${path}`);
}

/** Fifty more in the job's history. */
const manyAttempts = `
  insert into firelock.transitions (job_id, from_state, to_state, attempt, server_id, started_at, error)
  select $1, 'processing', 'failed', number, 1, now(), '{"name": "Error", "message": "again"}'
  from generate_series(2, 51) as number`;

async function addRecurringJobs(firelock: Firelock): Promise<void> {
  await firelock.addOrUpdateRecurring('nightly', idle, undefined, '@daily', { timeZone: 'Asia/Seoul' });
  await firelock.addOrUpdateRecurring('paused', idle, undefined, 'every 40s');
  await firelock.pauseRecurring('paused', { by: 'ann@example.com', reason: 'the warehouse moves' });
  await firelock.overrideRecurring('nightly', { schedule: '30 3 * * *' }, { by: 'ann@example.com' });
  await firelock.triggerRecurring('nightly');
  await eventually('it has run', async () => (await firelock.listRecurringRuns('nightly')).length > 0);
}
