import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UnstorableValueError } from '../../src/errors.js';
import { errorRecord } from '../../src/job/error-record.js';
import { serialiseArgs, serialiseResult } from '../../src/job/serialisation.js';
import { fileConnection, fileDatabase } from '../database.js';

const client = await fileConnection(await fileDatabase());
const anyText = fc.string({ unit: 'binary', maxLength: 20 });
const hostileText = fc.oneof(anyText, fc.constantFrom('\0', 'a\ud800', '\udc00b', '\\u0000', '\\\0', '"\0'));
const anyJson = fc.jsonValue({ maxDepth: 4 });

async function stored(json: string): Promise<unknown> {
  return (await client.query<{ value: unknown }>('select $1::jsonb as value', [json])).rows[0]?.value;
}

test('I10: whatever is accepted as args, Postgres keeps and gives back unchanged', async () => {
  await fc.assert(
    fc.asyncProperty(fc.dictionary(hostileText, fc.oneof(hostileText, anyJson)), async (args) => {
      let json: string;
      try {
        json = serialiseArgs(args);
      } catch (error) {
        expect(error).toBeInstanceOf(UnstorableValueError);
        const texts = JSON.stringify(args);
        expect(texts).toMatch(/\\u(0000|d[89a-f])/i);
        return;
      }
      expect(await stored(json)).toEqual(JSON.parse(JSON.stringify(args)));
    }),
    { numRuns: 300 },
  );
});

test('I10: whatever a handler returns or throws, Postgres can keep what is made of it', async () => {
  const anything = fc.oneof(fc.anything({ withBigInt: true, withDate: true, withMap: true }), hostileText);
  await fc.assert(
    fc.asyncProperty(anything, async (value) => {
      const result = serialiseResult(value);
      if (result !== undefined) await stored(result);
      await stored(JSON.stringify(errorRecord(value)));
      await stored(JSON.stringify(errorRecord(new Error(String.raw`x`, { cause: value }))));
    }),
    { numRuns: 300 },
  );
});

test('an error is kept with its code and its causes, to a depth', () => {
  const root = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
  const record = errorRecord(new TypeError('top', { cause: new Error('middle', { cause: root }) }));
  expect(record).toMatchObject({ name: 'TypeError', message: 'top' });
  expect(record.cause?.cause).toMatchObject({ message: 'refused', code: 'ECONNREFUSED' });
  const endless = new Error('endless');
  endless.cause = endless;
  expect(JSON.stringify(errorRecord(endless)).split('"endless"')).toHaveLength(7);
});

test('(I10) args nested to the limit are kept by Postgres, and deeper ones are refused', async () => {
  const nested = (depth: number) =>
    JSON.parse(`${'[{"a":'.repeat(depth / 2)}1${'}]'.repeat(depth / 2)}`) as unknown;
  expect(await stored(serialiseArgs(nested(500)))).toEqual(nested(500));
  expect(() => serialiseArgs(nested(502))).toThrow(/nested deeper than 500 levels/);
  expect(serialiseArgs('['.repeat(5000))).toBe(JSON.stringify('['.repeat(5000)));
});

test('(I10) Postgres keeps JSON of the allowed depth however small its stack', async () => {
  await client.query("set max_stack_depth = '100kB'");
  const text = `${'{"a":'.repeat(500)}1${'}'.repeat(500)}`;
  await client.query('select args from json_to_recordset($1::json) as given(args jsonb)', [
    `[{"args":${text}}]`,
  ]);
  await client.query('reset max_stack_depth');
});
