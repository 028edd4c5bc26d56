import { userInfo } from 'node:os';
import { beforeEach, expect, test } from 'vitest';
import { defineJob } from '../../src/job/definition.js';
import { listAuditLog } from '../../src/storage/audit-log.js';
import { fileDatabase, fileStorage } from '../database.js';
import { openFirelock } from '../firelock.js';
import { firelock as command } from './command.js';

const url = await fileDatabase();
const database = fileStorage(url);
const report = defineJob({ name: 'report' });

function run(...args: string[]) {
  return command(['recurring', ...args], { env: { DATABASE_URL: url } });
}

beforeEach(async () => {
  const firelock = openFirelock(url);
  for (const { id } of await firelock.listRecurring()) await firelock.removeRecurring(id);
});

async function added() {
  const firelock = openFirelock(url);
  await firelock.addOrUpdateRecurring('nightly', report, undefined, '30 2 * * *', { timeZone: 'Asia/Seoul' });
  return firelock;
}

test('lists recurring jobs with what is to be known of them', async () => {
  expect(await run()).toMatchObject({ code: 0, stdout: 'There are no recurring jobs.\n' });
  const firelock = await added();
  await firelock.pauseRecurring('nightly', { by: 'ann' });
  const { code, stdout } = await run('list');
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /^\d{4}-\d\d-\d\dT17:30:00\.000Z {2}nightly {2}30 2 \* \* \* \(Asia\/Seoul\) {2}\[paused by ann\]\n$/,
  );
});

test('pauses, resumes, changes, gives back, runs and removes', async () => {
  const firelock = await added();
  expect(await run('pause', 'nightly', '--until', '2h', '--by', 'ann', '--reason', 'too slow')).toMatchObject(
    { code: 0, stdout: "'nightly' is paused.\n" },
  );
  expect((await firelock.getRecurring('nightly'))?.pause).toMatchObject({
    by: 'ann',
    reason: 'too slow',
    until: expect.any(Date),
  });
  expect(await run('resume', 'nightly', '--by', 'ann', '--reason', 'mended')).toMatchObject({
    code: 0,
    stdout: "'nightly' is resumed.\n",
  });
  expect(await run('resume', 'nightly')).toMatchObject({ code: 0, stdout: "'nightly' was not paused.\n" });
  expect(await run('change', 'nightly', '--schedule', 'every 40s')).toMatchObject({ code: 0 });
  expect(await firelock.getRecurring('nightly')).toMatchObject({ schedule: 'every 40s' });
  expect(await run('drop-override', 'nightly')).toMatchObject({ code: 0 });
  expect(await firelock.getRecurring('nightly')).toMatchObject({ schedule: '30 2 * * *' });
  expect((await run('run', 'nightly', '--args', '{"day":1}')).stdout).toMatch(
    /^'nightly' runs as job \d+\.\n$/,
  );
  expect(await firelock.listRecurringRuns('nightly')).toMatchObject([
    { kind: 'by hand', by: expect.any(String) },
  ]);
  expect(await run('remove', 'nightly')).toMatchObject({ code: 0, stdout: "'nightly' is removed.\n" });
  expect(await firelock.getRecurring('nightly')).toBeUndefined();
  const { entries } = await listAuditLog(database.kysely, { limit: 6 });
  expect(entries.map(({ act }) => act)).toEqual([
    'remove',
    'trigger',
    'drop override',
    'override',
    'resume',
    'pause',
  ]);
  expect(entries[4]).toMatchObject({ by: 'ann', reason: 'mended' });
  expect(entries[0]).toMatchObject({ by: userInfo().username });
}, 60_000);

test.each([
  [['pause', 'gone'], "There is no recurring job 'gone'."],
  [['resume', 'gone'], "There is no recurring job 'gone'."],
  [['remove', 'gone'], "There is no recurring job 'gone'."],
  [['run', 'nightly', '--args', '{'], '--args is not JSON'],
  [['change', 'nightly', '--schedule', '61 * * * *'], "the minute '61' is not allowed"],
  [['change', 'nightly'], 'at least one of schedule, timeZone, args and queue'],
])('%j is refused with what is wrong', async (args, problem) => {
  await added();
  const { code, stderr } = await run(...args);
  expect(stderr).toContain(problem);
  expect(code).toBe(1);
});

test('foretells the runs of a schedule without a database', async () => {
  const { code, stdout } = await command([
    'recurring',
    'next',
    '0 9 * * MON',
    '--time-zone',
    'Europe/Paris',
    '--count',
    '2',
  ]);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^(\d{4}-\d\d-\d\dT0[78]:00:00\.000Z\n){2}$/);
});
