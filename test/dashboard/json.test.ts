import { expect, test } from 'vitest';
import { jsonView } from '../../src/dashboard/format/json.js';

test('a value is shown as indented JSON', () => {
  expect(jsonView({ a: [1, null] })).toEqual({
    text: '{\n  "a": [\n    1,\n    null\n  ]\n}',
    cut: undefined,
  });
});

test('what is very long is cut, and never in the middle of a character', () => {
  const { text, cut } = jsonView('😀'.repeat(40_000));
  expect(text).toHaveLength(50_000);
  expect(text.isWellFormed()).toBe(true);
  expect(cut).toContain('50,000 of 80,002 characters');
});

test('what is very deep is not indented: its indentation would be far larger than itself', () => {
  let deep: unknown = 'core';
  for (let level = 0; level < 3000; level += 1) deep = [deep];
  const { text } = jsonView(deep);
  expect(text).toHaveLength(6006);
  expect(text).not.toContain('\n');
});
