import { expect, test } from 'vitest';
import { type JsonView, jsonView } from '../../../src/dashboard/format/json.js';

function textOf({ tokens }: JsonView): string {
  return tokens.map(({ text }) => text).join('');
}

test('keys, strings, numbers and words of JSON are told apart, whatever is in them', () => {
  const { tokens } = jsonView({ 'a "key":': 'true: -1', n: [-1.5e21, true, null] });
  expect(tokens.filter(({ kind }) => kind !== undefined)).toEqual([
    { kind: 'key', text: String.raw`"a \"key\":"` },
    { kind: 'string', text: '"true: -1"' },
    { kind: 'key', text: '"n"' },
    { kind: 'number', text: '-1.5e+21' },
    { kind: 'literal', text: 'true' },
    { kind: 'literal', text: 'null' },
  ]);
});

test('a value is shown as indented JSON', () => {
  expect(textOf(jsonView({ a: [1, null] }))).toBe('{\n  "a": [\n    1,\n    null\n  ]\n}');
});

test('what is very long is cut, and never in the middle of a character', () => {
  const view = jsonView('😀'.repeat(40_000), '/whole');
  const text = textOf(view);
  expect(text).toHaveLength(50_000);
  expect(text.isWellFormed()).toBe(true);
  expect(view.cut).toContain('50,000 of 80,002 characters');
  expect(view.wholeHref).toBe('/whole');
});

test('what is very deep is not indented: its indentation would be far larger than itself', () => {
  let deep: unknown = 'core';
  for (let level = 0; level < 3000; level += 1) deep = [deep];
  const text = textOf(jsonView(deep));
  expect(text).toHaveLength(6006);
  expect(text).not.toContain('\n');
});
