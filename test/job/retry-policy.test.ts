import { expect, test } from 'vitest';
import { defineJob } from '../../src/job/definition.js';
import { hangfireDelayMs, retryPolicy } from '../../src/job/retry-policy.js';

const failure = { error: new Error('no'), random: 0 };

test("the default is ten attempts on Hangfire's curve", () => {
  const policy = retryPolicy();
  expect(policy.attempts).toBe(10);
  const seconds = [1, 2, 3, 4, 5, 6, 7, 8, 9].map(
    (attempt) => policy.delayMs({ ...failure, attempt }) / 1000,
  );
  expect(seconds).toEqual([15, 16, 31, 96, 271, 640, 1311, 2416, 4111]);
  expect(hangfireDelayMs({ attempt: 3, random: 0.999 }) / 1000).toBe(16 + 15 + 29 * 3);
});

test('the last of the listed delays repeats', () => {
  const policy = retryPolicy({ attempts: 5, delays: ['1s', '2s'] });
  expect([1, 2, 3, 4].map((attempt) => policy.delayMs({ ...failure, attempt }))).toEqual([
    1000, 2000, 2000, 2000,
  ]);
});

test('a function sees the attempt and the error', () => {
  const policy = retryPolicy({ delays: (attempt, error) => (error === failure.error ? `${attempt}m` : 0) });
  expect(policy.delayMs({ ...failure, attempt: 2 })).toBe(120_000);
});

test.each([
  [{ attempts: 0 }, /retry\.attempts/],
  [{ attempts: 1.5 }, /retry\.attempts/],
  [{ delays: [] }, /retry\.delays/],
  [{ delays: ['soon'] }, /retry\.delays/],
  [{ delay: ['1s'] }, /retry\.delay: unknown option; did you mean 'delays'\?/],
])('defineJob refuses the retries %j', (retry, message) => {
  expect(() => defineJob({ name: 'job', retry: retry as never })).toThrow(message);
});
