import { expect, test } from 'vitest';
import { completions } from '../../src/search/completions.js';
import { qualifierNames } from '../../src/search/qualifiers.js';

const textsAt = (text: string, cursor = text.length) =>
  completions(text, cursor).offered.map((completion) => completion.text);

test('where a word begins, all qualifiers are offered', () => {
  expect(textsAt('')).toHaveLength(qualifierNames.length);
  expect(textsAt('state:failed ')).toContain('args.');
  expect(completions('state:failed ', 13).start).toBe(13);
});

test('the beginning of a qualifier is completed in its place, negated or not', () => {
  expect(textsAt('foo sta')).toEqual(['state:']);
  expect(completions('foo -s', 6)).toMatchObject({ start: 5 });
  expect(textsAt('foo -s')).toEqual(['state:', 'server:']);
  expect(textsAt('sta foo', 3)).toEqual(['state:']);
});

test('states, priorities and times are offered, other values are to be looked up', () => {
  expect(textsAt('state:de')).toEqual(['dead', 'deleted']);
  expect(completions('state:de', 8).start).toBe(6);
  expect(textsAt('-priority:')).toEqual(['critical', 'high', 'normal', 'low']);
  expect(textsAt('after:2')).toEqual(['24h']);
  expect(completions('a Name:"send m', 14)).toEqual({
    start: 7,
    offered: [],
    values: { of: 'name', prefix: 'send m' },
  });
});

test.each(['"quo', 'error:x', 'args.x:', 'constructor:x', 'name:a"b'])(
  '%s is completed by nothing fixed',
  (text) => {
    expect(textsAt(text)).toEqual([]);
  },
);
