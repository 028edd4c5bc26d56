import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatSearch } from '../../src/search/format-search.js';
import { parseSearch } from '../../src/search/parse-search.js';
import type { Condition } from '../../src/search/search.js';

function conditionsOf(text: string): readonly Condition[] {
  const parsed = parseSearch(text);
  if ('problem' in parsed) throw new Error(`${text}: ${parsed.problem.message}`);
  return parsed.search.conditions;
}

function problemOf(text: string) {
  const parsed = parseSearch(text);
  if ('search' in parsed) throw new Error(`${text} is a search: ${formatSearch(parsed.search)}`);
  return parsed.problem;
}

test('every qualifier is read', () => {
  expect(
    conditionsOf(
      'state:failed name:send-* queue:emails tag:vip server:web-1 recurring:daily-report error:"connection refused" ' +
        'priority:high args.userId:42 after:2026-11-19T10:00 before:2h id:0123 foo 77',
    ),
  ).toEqual([
    { on: 'state', isNegated: false, values: ['failed'] },
    { on: 'name', isNegated: false, values: [['send-', '']] },
    { on: 'queue', isNegated: false, values: [['emails']] },
    { on: 'tag', isNegated: false, values: [['vip']] },
    { on: 'server', isNegated: false, values: [['web-1']] },
    { on: 'recurring', isNegated: false, values: [['daily-report']] },
    { on: 'error', isNegated: false, values: [['connection refused']] },
    { on: 'priority', isNegated: false, values: ['high'] },
    { on: 'args', isNegated: false, path: ['userId'], values: [{ text: '42', isLiteral: true }] },
    { on: 'after', moment: { at: new Date('2026-11-19T10:00:00Z') } },
    { on: 'before', moment: { agoMs: 7_200_000 } },
    { on: 'id', isNegated: false, values: ['123', '77'] },
    { on: 'text', isNegated: false, values: [['foo']] },
  ]);
});

test('of a qualifier that stands twice, either value will do; negated ones and bare words stand for themselves', () => {
  expect(conditionsOf('name:a name:b name:a -name:c -name:d foo bar')).toEqual([
    { on: 'name', isNegated: false, values: [['a'], ['b']] },
    { on: 'name', isNegated: true, values: [['c'], ['d']] },
    { on: 'text', isNegated: false, values: [['foo']] },
    { on: 'text', isNegated: false, values: [['bar']] },
  ]);
});

test.each([
  ['args.user.id:x', ['user', 'id']],
  ['args.items[0].sku:x', ['items', '0', 'sku']],
  ['args.items.0.sku:x', ['items', '0', 'sku']],
  ['args.items[-1]:x', ['items', '-1']],
  ['args."odd key":x', ['odd key']],
  [String.raw`args."a \"b\" c: d"[2]:x`, ['a "b" c: d', '2']],
  ['args:x', []],
])('the path of %s is read', (text, path) => {
  expect(conditionsOf(text)).toMatchObject([{ on: 'args', path, values: [{ text: 'x' }] }]);
});

test('a value of an arg without quotes is a literal where it reads as one, in quotes it is a text', () => {
  const values = conditionsOf('args:42 args:-1.5e3 args:true args:null args:"42" args:x args:"" args:007');
  expect(values).toMatchObject([
    {
      values: [
        { text: '42', isLiteral: true },
        { text: '-1.5e3', isLiteral: true },
        { text: 'true', isLiteral: true },
        { text: 'null', isLiteral: true },
        { text: '42', isLiteral: false },
        { text: 'x', isLiteral: false },
        { text: '', isLiteral: false },
        { text: '007', isLiteral: false },
      ],
    },
  ]);
});

test.each([
  ['stat:failed', 0, "There is no qualifier 'stat'; did you mean 'state'?", 'state:failed'],
  ['foo -nme:x bar', 5, "There is no qualifier 'nme'; did you mean 'name'?", 'foo -name:x bar'],
  ['https://a.example', 0, "There is no qualifier 'https'.", undefined],
  ['name.first:x', 0, "There is no qualifier 'name.first'.", undefined],
  ['a state:faild b', 8, "There is no state 'faild'; did you mean 'failed'?", 'a state:failed b'],
  ['priority:urgent', 9, "There is no priority 'urgent'. Known: critical", undefined],
  ['error:"connection', 6, 'The quotation mark is not closed.', 'error:"connection"'],
  ['"a"b', 3, 'Expected a blank after the quotation mark.', undefined],
  ['name:', 5, "Expected a value after 'name:'.", undefined],
  ['name:""', 5, "Expected a value after 'name:'.", undefined],
  ['foo -', 4, 'Expected a word after the minus sign.', undefined],
  ['args.x:', 7, "Expected a value after 'args:'", undefined],
  ['args..x:1', 0, 'The path in the args cannot be read', undefined],
  ['after:yesterday', 6, "'yesterday' is no time", undefined],
  ['after:2026-02-30', 6, "'2026-02-30' is no time", undefined],
  ['-after:2h', 0, "Use 'before:' instead of '-after:'.", undefined],
  ['after:2h after:3h', 9, "'after:' stands here twice.", undefined],
  ['id:12a', 3, "'12a' is no id", undefined],
  ['9223372036854775808', 0, 'is no id', undefined],
  ['x'.repeat(2001), 2000, 'The search is longer than 2000 characters', undefined],
  ['x '.repeat(51), 100, 'The search is of more than 50 words', undefined],
])('%s is a problem, with its place and what was probably meant', (text, at, ...said) => {
  const [message, suggestion] = said;
  const problem = problemOf(text);
  expect(problem).toMatchObject({ at, suggestion });
  expect(problem.message).toContain(message);
});

test.each([
  ['  foo   state:failed ', 'foo state:failed'],
  ['State:FAILED Name:A*', 'state:failed name:A*'],
  ['00042', 'id:42'],
  ['after:120m before:2026-11-19T00:00:00+09:00', 'after:2h before:2026-11-18T15:00'],
  ['before:2026-11-19T10:00:05.120Z', 'before:2026-11-19T10:00:05.120'],
  ['"foo" "12" "-a" "a:b" "a b"', 'foo "12" "-a" "a:b" "a b"'],
  [String.raw`error:"a*b\*c\"d\\e"`, String.raw`error:"a*b\*c\"d\\e"`],
  [String.raw`error:C:\temp\*`, String.raw`error:C:\temp\*`],
  ['args."a".b[0]:"x"', 'args.a.b[0]:x'],
  ['args.x:"null" args.y:"4 2"', 'args.x:"null" args.y:"4 2"'],
])('%s is written %s', (text, canonical) => {
  expect(formatSearch({ conditions: conditionsOf(text) })).toBe(canonical);
});

test('what cannot be stored is replaced before it reaches Postgres', () => {
  expect(conditionsOf('"a\0b" "\uD800"')).toEqual([
    { on: 'text', isNegated: false, values: [['a\uFFFDb']] },
    { on: 'text', isNegated: false, values: [['\uFFFD']] },
  ]);
});

const word = fc.oneof(
  fc.string({ minLength: 1, maxLength: 12 }),
  fc.string({ unit: fc.constantFrom('"', '\\', '*', ':', '-', ' ', '.', '[', ']', '4', 'a', '\n') }),
);
const anyText = fc.oneof(
  fc.string({ maxLength: 60, unit: 'binary' }),
  fc
    .array(
      fc.oneof(
        word,
        fc
          .tuple(
            fc.constantFrom('', '-'),
            fc.constantFrom(
              'id',
              'name',
              'state',
              'tag',
              'error',
              'args',
              'args.a',
              'args."b c"[3]',
              'after',
              'oops',
            ),
            fc.oneof(word, fc.constantFrom('failed', '42', '2h', '2026-11-19', 'true', '"x y"', 'a*b')),
          )
          .map(([minus, qualifier, value]) => `${minus}${qualifier}:${value}`),
      ),
      { maxLength: 8 },
    )
    .map((words) => words.join(' ')),
);

test('any text is a search or a problem in it, and what is written of a search reads as the same', () => {
  let searches = 0;
  fc.assert(
    fc.property(anyText, (text) => {
      const parsed = parseSearch(text);
      if ('problem' in parsed) {
        expect(parsed.problem.at).toBeLessThanOrEqual(text.length);
        return;
      }
      searches += 1;
      const written = formatSearch(parsed.search);
      expect(parseSearch(written)).toEqual(parsed);
      expect(formatSearch(parsed.search)).toBe(written);
    }),
    { numRuns: 3000 },
  );
  expect(searches).toBeGreaterThan(500);
});

const key = fc.oneof(word, fc.constantFrom('a', '0', '-1', 'odd key'));
const pattern = fc
  .array(fc.string({ maxLength: 6 }), { minLength: 1, maxLength: 3 })
  .filter((pieces) => pieces.join('*') !== '');

test('every value and every path comes back as it was', () => {
  const parts = fc.record({
    isNegated: fc.boolean(),
    path: fc.array(key, { maxLength: 4 }),
    text: fc.string(),
    pieces: pattern,
  });
  fc.assert(
    fc.property(parts, ({ isNegated, path, text, pieces }) => {
      const search = {
        conditions: [
          { on: 'args', isNegated, path, values: [{ text, isLiteral: false }] },
          { on: 'error', isNegated, values: [pieces] },
          { on: 'text', isNegated, values: [pieces] },
        ] satisfies Condition[],
      };
      expect(parseSearch(formatSearch(search))).toEqual({ search });
    }),
    { numRuns: 2000 },
  );
});
