import { expect, test } from 'vitest';
import { differences } from '../../../src/dashboard/format/differences.js';

const cases: readonly (readonly [string, unknown, unknown, readonly string[]])[] = [
  ['fields that changed', { queue: 'a', priority: 'low' }, { queue: 'b', priority: 'low' }, ['queue: a → b']],
  ['what was not there before', undefined, { schedule: 'every 20m' }, ['schedule: – → every 20m']],
  ['what is not there any more', { until: 5 }, null, ['until: 5 → –']],
  ['values without fields', 'quiet', null, ['quiet → –']],
  [
    'fields within fields',
    { 7: { state: 'dead' } },
    { state: 'enqueued' },
    ['7: {"state":"dead"} → –', 'state: – → enqueued'],
  ],
  ['who, when and why are told beside it', undefined, { at: 'now', by: 'ann', reason: 'x' }, []],
];

test.each(cases)('%s', (...[, before, after, told]) => {
  expect(differences(before, after)).toEqual(told);
});
