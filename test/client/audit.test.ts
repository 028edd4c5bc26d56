import { beforeEach, expect, test } from 'vitest';
import { Acting } from '../../src/client/acting.js';
import { Acts } from '../../src/client/acts.js';
import { NativeEngine } from '../../src/engine/native/native-engine.js';
import type { Firelock } from '../../src/firelock.js';
import { CalendarInUseError, InvalidOptionsError } from '../../src/errors.js';
import { defineJob } from '../../src/job/definition.js';
import { reschedule, retry } from '../../src/job/transition.js';
import { expireAuditLog, listAuditLog } from '../../src/storage/audit-log.js';
import { Notifier } from '../../src/storage/notifier.js';
import { auditLines } from '../audit-lines.js';
import { fileConnection, fileDatabase, fileStorage } from '../database.js';
import { connect, openFirelock } from '../firelock.js';
import { jobRow, putJob } from '../job-rows.js';

const url = await fileDatabase();
const client = await fileConnection(url);
const database = fileStorage(url);
const notifier = new Notifier(database, 'nobody', () => undefined);
const acts = new Acts(new Acting({ database, engine: new NativeEngine(database, notifier), notifier }));
const report = defineJob({ name: 'report' });
const said = { by: 'ann', reason: 'because' };

beforeEach(() =>
  client.query(
    `truncate firelock.jobs, firelock.audit_log, firelock.recurring_jobs, firelock.recurring_runs, firelock.calendars`,
  ),
);

/** The acts on the recurring job `report`, and on the calendar `holidays`. */
const recurringActs: Readonly<
  Record<string, (firelock: Firelock, options: typeof said | object) => unknown>
> = {
  trigger: (firelock, options) => firelock.triggerRecurring('report', options),
  pause: (firelock, options) => firelock.pauseRecurring('report', options),
  resume: (firelock, options) => firelock.resumeRecurring('report', options),
  override: (firelock, options) => firelock.overrideRecurring('report', { queue: 'bulk' }, options),
  'drop override': (firelock, options) => firelock.dropRecurringOverride('report', options),
  remove: (firelock, options) => firelock.removeRecurring('report', options),
};

test.each([
  { act: 'retry', from: 'failed', to: 'enqueued' },
  { act: 'requeue', from: 'succeeded', to: 'enqueued' },
  { act: 'delete', from: 'processing', to: 'deleted' },
] as const)('I12: $act is a line in the audit log, once it applies', async ({ act, from, to }) => {
  const firelock = openFirelock(url);
  const id = await putJob(client, { state: from });
  expect(await firelock[act](id, said)).toBe(true);
  expect(await firelock[act](id, said)).toBe(false);
  expect(await auditLines(client)).toEqual([
    ['ann', act, 'job', id, 'because', { state: from }, { state: to }],
  ]);
});

test('I12: reschedule is a line that says for when', async () => {
  const firelock = openFirelock(url);
  const id = await putJob(client, { state: 'enqueued' });
  const runAt = '2035-01-01T00:00:00.123Z';
  await firelock.reschedule(id, new Date(runAt), said);
  expect(await auditLines(client)).toEqual([
    ['ann', 'reschedule', 'job', id, 'because', { state: 'enqueued' }, { state: 'scheduled', runAt }],
  ]);
});

test('I12: an act on several jobs is one line, which says what each of those was that it applied to', async () => {
  const [failed, dead, done] = [
    await putJob(client, { state: 'failed' }),
    await putJob(client, { state: 'dead' }),
    await putJob(client, { state: 'succeeded' }),
  ];
  expect(await acts.apply(retry, [dead, failed, done], { options: said })).toHaveLength(2);
  expect(await auditLines(client)).toEqual([
    [
      'ann',
      'retry',
      'jobs',
      '2 jobs',
      'because',
      { [failed]: { state: 'failed' }, [dead]: { state: 'dead' } },
      { state: 'enqueued' },
    ],
  ]);
});

test('a part of an act that is recorded as a whole leaves no line, but the history says who', async () => {
  const id = await putJob(client, { state: 'dead' });
  expect(await acts.apply(retry, [id], { options: said, isPart: true })).toEqual([id]);
  expect(await auditLines(client)).toEqual([]);
  expect((await openFirelock(url).getJob(id))?.history).toContainEqual(expect.objectContaining(said));
});

test('I12: acts on recurring jobs are lines that say what they changed', async () => {
  const firelock = openFirelock(url);
  await firelock.addOrUpdateRecurring('report', report, {}, '0 2 * * *');
  for (const act of Object.values(recurringActs)) await act(firelock, said);
  const lines = await auditLines(client);
  const anInstant = expect.stringMatching(/^\d{4}-/);
  const pause = { ...said, at: anInstant };
  const override = { ...said, at: anInstant, queue: 'bulk' };
  const line = (act: string, before: unknown, after: unknown) =>
    ['ann', act, 'recurring job', 'report', 'because', before, after] as const;
  expect(lines).toEqual([
    line('trigger', null, { jobId: expect.stringMatching(/^\d+$/) }),
    line('pause', null, pause),
    line('resume', pause, null),
    line('override', null, override),
    line('drop override', override, null),
    line('remove', expect.objectContaining({ name: 'report', schedule: '0 2 * * *' }), null),
  ]);
});

test('I12: a pause that is said anew is a line with the one before', async () => {
  const firelock = openFirelock(url);
  await firelock.addOrUpdateRecurring('report', report, {}, '0 2 * * *');
  await firelock.pauseRecurring('report', { by: 'ann' });
  await firelock.pauseRecurring('report', { by: 'bob', until: '1h' });
  const lines = await auditLines(client);
  expect(lines[1]).toMatchObject([
    'bob',
    'pause',
    'recurring job',
    'report',
    null,
    { by: 'ann' },
    { by: 'bob' },
  ]);
});

test.each(Object.keys(recurringActs))('an act that changes nothing (%s) leaves no line', async (name) => {
  const firelock = openFirelock(url);
  const act = recurringActs[name] ?? expect.fail();
  await act(firelock, said);
  expect(await auditLines(client)).toEqual([]);
  if (!['resume', 'drop override'].includes(name)) return;
  await firelock.addOrUpdateRecurring('report', report, {}, '0 2 * * *');
  await act(firelock, said);
  expect(await auditLines(client)).toEqual([]);
});

test('acts that name nobody leave no line', async () => {
  const firelock = openFirelock(url);
  await firelock.addOrUpdateRecurring('report', report, {}, '0 2 * * *');
  for (const act of Object.values(recurringActs)) await act(firelock, {});
  await firelock.addOrUpdateCalendar('holidays', { dates: ['12-25'] });
  await firelock.removeCalendar('holidays');
  await firelock.pauseQueue('emails');
  await firelock.resumeQueue('emails', { reason: 'because' });
  const id = await putJob(client, { state: 'scheduled' });
  await firelock.change(id, { queue: 'bulk' });
  await firelock.runAgain(id);
  await firelock.delete(id);
  expect(await auditLines(client)).toEqual([]);
});

test('I12: changes of calendars are lines with their rules, unless they change nothing', async () => {
  const firelock = openFirelock(url);
  const [christmas, newYear] = [{ dates: ['12-25'] }, { dates: ['01-01'] }];
  await firelock.addOrUpdateCalendar('holidays', christmas, said);
  await firelock.addOrUpdateCalendar('holidays', christmas, said);
  await firelock.addOrUpdateCalendar('holidays', newYear, said);
  await firelock.removeCalendar('holidays', said);
  await firelock.removeCalendar('holidays', said);
  const line = (act: string, before: unknown, after: unknown) =>
    ['ann', act, 'calendar', 'holidays', 'because', before, after] as const;
  expect(await auditLines(client)).toEqual([
    line('change', null, christmas),
    line('change', christmas, newYear),
    line('remove', newYear, null),
  ]);
});

test('an act that is refused leaves no line', async () => {
  const firelock = openFirelock(url);
  await firelock.addOrUpdateCalendar('holidays', { dates: ['12-25'] });
  await firelock.addOrUpdateRecurring('report', report, {}, '0 2 * * *', { calendars: ['holidays'] });
  await expect(firelock.removeCalendar('holidays', said)).rejects.toThrow(CalendarInUseError);
  await expect(firelock.overrideRecurring('report', { schedule: 'never' }, said)).rejects.toThrow();
  const tooLong = { by: 'x'.repeat(201) };
  await expect(firelock.removeRecurring('report', tooLong)).rejects.toThrow(InvalidOptionsError);
  expect(await firelock.delete('999999', said)).toBe(false);
  expect(await auditLines(client)).toEqual([]);
});

test('I12: an act whose transaction rolls back leaves no line, and one that commits leaves its line with it', async () => {
  const firelock = openFirelock(url);
  const id = await putJob(client, { state: 'dead' });
  const tx = await connect(url);
  await tx.query('begin');
  expect(await firelock.retry(id, { ...said, tx })).toBe(true);
  await tx.query('rollback');
  expect(await auditLines(client)).toEqual([]);
  expect(await jobRow(client, id)).toMatchObject({ state: 'dead' });
  await tx.query('begin');
  await firelock.retry(id, { ...said, tx });
  expect(await auditLines(client)).toEqual([]);
  await tx.query('commit');
  expect(await auditLines(client)).toHaveLength(1);
});

test('I12: where the line cannot be written the act is not done', async () => {
  const id = await putJob(client, { state: 'dead' });
  await client.query('alter table firelock.audit_log add constraint full_log check (false) not valid');
  await expect(openFirelock(url).retry(id, said)).rejects.toThrow(/full_log/);
  await client.query('alter table firelock.audit_log drop constraint full_log');
  expect(await jobRow(client, id)).toMatchObject({ state: 'dead' });
});

test('the audit log is read the latest first, by person and by what was acted on', async () => {
  const firelock = openFirelock(url);
  const id = await putJob(client, { state: 'scheduled' });
  await firelock.change(id, { queue: 'bulk' }, { by: 'bob' });
  await acts.applyTo(id, reschedule, { options: said, plan: { delayMs: 1000, runAt: undefined } });
  await firelock.delete(id, said);
  const first = await listAuditLog(database.kysely, { limit: 2 });
  expect(first.entries.map(({ act }) => act)).toEqual(['delete', 'reschedule']);
  const second = await listAuditLog(database.kysely, { limit: 2, before: first.next });
  expect(second).toMatchObject({ entries: [{ by: 'bob', act: 'change' }], next: undefined });
  const bobs = await listAuditLog(database.kysely, { limit: 5, by: 'bob' });
  expect(bobs.entries).toHaveLength(1);
  const on = { subject: 'job', target: id } as const;
  expect((await listAuditLog(database.kysely, { limit: 5, on })).entries).toHaveLength(3);
});

test('lines older than their retention are removed, the oldest first, in batches', async () => {
  await client.query(
    `insert into firelock.audit_log (acted_by, act, subject, target, at)
     select 'ann', 'pause', 'queue', n::text, now() - (10 - n) * interval '100 days' from generate_series(1, 10) as n`,
  );
  const year = { retentionMs: 365 * 24 * 3_600_000 };
  expect(await expireAuditLog(database, { ...year, limit: 4 })).toBe(4);
  expect(await expireAuditLog(database, { ...year, limit: 4 })).toBe(2);
  expect(await expireAuditLog(database, { ...year, limit: 4 })).toBe(0);
  expect((await auditLines(client)).map(([, , , target]) => target)).toEqual(['7', '8', '9', '10']);
});
