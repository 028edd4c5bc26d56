import { expect, test } from 'vitest';
import { argsMatch, asksForArgs, withoutArgs } from '../../src/search/args-match.js';
import { formatSearch } from '../../src/search/format-search.js';
import { searchOf } from './search-of.js';

const args = {
  user: { id: 42, name: '42' },
  items: [{ sku: 'A B' }, 'last'],
  gone: null,
  isNew: true,
  '0': 'zero',
};

test.each([
  ['args.user.id:42', true],
  ['args.user.name:42', true],
  ['args.user.name:"42"', true],
  ['args.user.id:"42"', false],
  ['args.user.id:42.0', true],
  ['args.items[0].sku:"A B"', true],
  ['args.items[-1]:last', true],
  ['args[0]:zero', true],
  ['args.gone:null', true],
  ['args.missing:null', false],
  ['-args.missing:null', true],
  ['args.isNew:true args.user.id:43', false],
  ['args.user.id:43 args.user.id:42', true],
  ['-args.user.id:43 -args.user.id:42', false],
  ['args.constructor:x', false],
  ['args.user:42', false],
  ['name:other', true],
])('of these args, %s is %s', (text, expected) => {
  expect(argsMatch(searchOf(text), args)).toBe(expected);
});

test('whoever may not see args asks for the rest', () => {
  const search = searchOf('state:failed args.x:1 foo -args.y:2');
  expect(asksForArgs(search)).toBe(true);
  expect(formatSearch(withoutArgs(search))).toBe('state:failed foo');
  expect(asksForArgs(withoutArgs(search))).toBe(false);
});
