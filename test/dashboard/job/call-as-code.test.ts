import { expect, test } from 'vitest';
import { callAsCode } from '../../../src/dashboard/job/call-as-code.js';
import type { Job } from '../../../src/job/job.js';

const job: Job = {
  id: '1',
  name: 'send-welcome-email',
  queue: 'default',
  priority: 'normal',
  state: 'enqueued',
  args: null,
  result: undefined,
  attempt: 0,
  attemptLimit: 10,
  uncounted: 0,
  timeoutMs: undefined,
  recoveries: 0,
  runAt: undefined,
  createdAt: new Date(0),
  scheduledFor: undefined,
  startedAt: undefined,
  finishedAt: undefined,
  serverId: undefined,
  recurringJobId: undefined,
  occurrence: undefined,
  originId: undefined,
  modelId: undefined,
  tags: [],
};

test.each<[string, Partial<Job>, unknown]>([
  ['enqueue(sendWelcomeEmail)', {}, null],
  ["enqueue(sendWelcomeEmail, { userId: 7, note: 'hi' })", {}, { userId: 7, note: 'hi' }],
  [
    "enqueue(sendWelcomeEmail, {}, { queue: 'emails', priority: 'high' })",
    { queue: 'emails', priority: 'high' },
    null,
  ],
  [
    "schedule(sendWelcomeEmail, {}, new Date('2027-01-01T09:00:00.000Z'))",
    { scheduledFor: new Date('2027-01-01T09:00:00Z') },
    null,
  ],
  [
    "schedule(sendWelcomeEmail, [ 1 ], new Date('2027-01-01T09:00:00.000Z'), { tags: [ 'vip' ] })",
    { scheduledFor: new Date('2027-01-01T09:00:00Z'), tags: ['vip'] },
    [1],
  ],
  ['enqueue(job2faReminder)', { name: '2fa reminder' }, null],
  ['enqueue(überweisung)', { name: 'überweisung' }, null],
  ['enqueue(job)', { name: '---' }, null],
])('a call is shown as await firelock.%s', (code, facts, args) => {
  expect(callAsCode({ ...job, ...facts }, args)).toBe(`await firelock.${code};`);
});

test('args that fill more than a few lines are left out of the call: they are shown below it', () => {
  expect(callAsCode(job, { text: 'x'.repeat(5000) })).toBe(
    'await firelock.enqueue(sendWelcomeEmail, { … });',
  );
});
