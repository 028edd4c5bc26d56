import { expect, test } from 'vitest';
import { allFacts, boundedFacts, childContext } from '../../src/job/log-facts.js';
import { lineText } from '../../src/job/log-line.js';
import { disarm } from '../../src/job/thrown.js';
import { returned, thrown } from '../server/hostile-values.js';

const MEGABYTE = 1_000_000;

/** What is kept of facts, as it is read. */
function kept(facts: object, context?: object): unknown {
  const [, , , read] = line('message', facts, context);
  return read;
}

function line(message: string, facts?: object, context?: object): readonly unknown[] {
  const all = allFacts(context && childContext(undefined, context), facts);
  const text = lineText({ level: 'info', afterMs: 1.4, message, facts: all });
  expect(text.length).toBeLessThan(25_000);
  expect(text).not.toMatch(/\n|\\u0000|\\ud[89a-f]/);
  return JSON.parse(text) as readonly unknown[];
}

test('a line is what was said, and its facts as JSON', () => {
  expect(line('sent', { to: 'ada', at: new Date(0), n: [1], none: undefined })).toEqual([
    1,
    'info',
    'sent',
    { to: 'ada', at: '1970-01-01T00:00:00.000Z', n: [1] },
  ]);
  expect(line('without')).toEqual([1, 'info', 'without']);
});

test('the lines of a child have its facts as they were when it was made, and a line says more than they do', () => {
  const facts = { request: 'r', n: 1 };
  const context = childContext(childContext(undefined, { user: 'ada' }), facts);
  facts.request = 'another';
  expect(context).toEqual({ user: 'ada', request: 'r', n: 1 });
  expect(kept({ n: 2 }, context)).toEqual({ user: 'ada', request: 'r', n: 2 });
  expect(line('none of its own', undefined, context)[3]).toEqual(context);
});

test('of a message and of the facts the first 4,000 characters are kept, with how many there were', () => {
  const [, , message, facts] = line('m'.repeat(MEGABYTE), { id: 7, body: 'b'.repeat(MEGABYTE) });
  expect(message).toBe(`${'m'.repeat(4000)}… (1000000 characters)`);
  expect(facts).toMatch(/^\{\s*id: 7,\s*body: 'b{3900,}… \(\d+ characters\)$/);
  const longest = { b: 'b'.repeat(3990) };
  expect(line('m'.repeat(4000), longest)).toEqual([1, 'info', 'm'.repeat(4000), longest]);
});

test('errors among the facts say their name, message, stack, code and cause', () => {
  const cause = new RangeError('too far');
  const error = Object.assign(new TypeError('bad', { cause }), { code: 'EBAD' });
  const shown = {
    name: 'TypeError',
    message: 'bad',
    code: 'EBAD',
    stack: expect.stringMatching(/^TypeError: bad\n {4}at .*log-line\.test\.ts/),
    cause: 'RangeError: too far',
  };
  expect(kept({ error, n: 1, err: error })).toEqual({ error: shown, n: 1, err: shown });
  expect(kept(error)).toEqual({ err: shown });
  const large = new Error('m'.repeat(MEGABYTE), { cause: new Error('c'.repeat(MEGABYTE)) });
  large.stack = 's'.repeat(MEGABYTE);
  expect(kept({ error: large, id: 7 })).toMatchObject({ id: 7, error: { name: 'Error' } });
});

test('what has no JSON is described in words', () => {
  const circular: Record<string, unknown> = { id: 7 };
  circular['self'] = circular;
  expect(kept(circular)).toBe('<ref *1> { id: 7, self: [Circular *1] }');
  expect(kept({ total: 10n })).toBe('{ total: 10n }');
  expect(kept({ total: 10n }, { request: 'r' })).toBe("{ request: 'r', total: 10n }");
  expect(boundedFacts(childContext(undefined, circular))).toEqual({
    facts: expect.stringMatching(/Circular/),
  });
});

test.each([...thrown, ...returned])(
  '(I10) facts that are, or hold, %s are kept in some form',
  (_what, value) => {
    const hostile = value();
    disarm(hostile);
    line('hold', { value: hostile, error: hostile });
    line('in a child', { n: 1 }, { value: hostile });
    if (typeof hostile === 'object' && hostile !== null) line('are', hostile, hostile);
  },
);

test('(I10) NUL and half characters are replaced, also where a text was cut', () => {
  expect(line('a\0b\ud800c', { 'k\0': ['\udc00'] })).toEqual([1, 'info', 'a�b�c', { 'k�': ['�'] }]);
  const [, , message] = line('😀'.repeat(2001));
  expect(message).toBe(`${'😀'.repeat(2000)}… (4002 characters)`);
  expect(line(`a${'😀'.repeat(2000)}`)[2]).toMatch(/�… \(4001 characters\)$/);
});
