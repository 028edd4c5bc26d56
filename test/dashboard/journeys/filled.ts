import type { Firelock } from '../../../src/firelock.js';
import { putMany } from '../../bulk-acts.js';
import { eventually } from '../../eventually.js';
import { connect } from '../../firelock.js';
import { idle, jobInEachState } from '../jobs.js';
import type { Desk } from './desk.js';

const LONG = `a-very-long-name-without-any-place-to-break-it-${'x'.repeat(70)}`;
const tooLong = { ...idle, name: LONG };

/** Something on every page, and the paths of all of them, forms included. */
export async function fill({ firelock, connectionString }: Desk): Promise<readonly string[]> {
  const ids = await jobInEachState(firelock);
  const odd = await firelock.enqueue(tooLong, undefined, { queue: LONG, tags: ['urgent', LONG] });
  await firelock.reschedule(ids.scheduled, '2h', { by: 'ann@example.com', reason: `not yet: ${LONG}` });
  await firelock.pauseQueue('nobody', { by: 'ann@example.com', reason: LONG });
  await addRecurringJobs(firelock);
  const client = await connect(connectionString);
  await putMany(client, { name: 'one-of-many', state: 'failed', count: 210 });
  const forms = ['delete', 'reschedule', 'change', 'again'].map((form) => `/${ids.scheduled}/${form}`);
  return [
    ...['/scheduled', '/processing', '/failed', '/dead'],
    ...[ids.processing, ids.failed, ids.deleted, ids.succeeded].map((id) => `/${id}`),
    ...forms,
    `/${odd}`,
    ...['', '/queues', '/jobs', '/recurring', '/servers', '/audit', '/dead/groups'],
    ...['/failed?size=200', '/jobs?q=nonsense%3A', '/failed?q=name%3Anobody'],
    `/queues/pause?queue=${LONG}`,
    ...['/recurring/job?id=nightly', '/recurring/job?id=paused', '/recurring/change?id=nightly'],
    '/recurring/remove?ids=nightly&ids=paused',
    ...['/failed/all/retry', '/failed/all/delete?q=name%3Aone-of-many', `/failed/delete?ids=${ids.failed}`],
    ...['/bulk/1', '/servers/stop?id=1', '/999999', '/no-such-page'],
  ].map((path) => `/jobs${path}`);
}

async function addRecurringJobs(firelock: Firelock): Promise<void> {
  await firelock.addOrUpdateRecurring('nightly', idle, undefined, '@daily', { timeZone: 'Asia/Seoul' });
  await firelock.addOrUpdateRecurring('paused', idle, undefined, 'every 40s');
  await firelock.pauseRecurring('paused', { by: 'ann@example.com', reason: 'the warehouse moves' });
  await firelock.overrideRecurring('nightly', { schedule: '30 3 * * *' }, { by: 'ann@example.com' });
  await firelock.triggerRecurring('nightly');
  await eventually('it has run', async () => (await firelock.listRecurringRuns('nightly')).length > 0);
}
