import { expect, test } from 'vitest';
import { redacted } from '../../src/cli/redaction.js';

test.each([
  ['postgres://app:secret@host:5432/shop', 'postgres://app:***@host:5432/shop'],
  ['postgres://app:s%40e/c@ret@host/shop', 'postgres://app:***@host/shop'],
  ['postgres://:secret@host/shop', 'postgres://:***@host/shop'],
  [
    'postgres://host/shop?user=app&password=secret&sslmode=require',
    'postgres://host/shop?user=app&password=***&sslmode=require',
  ],
  ["unknown command 'postgresql://app:secret@host/shop'", "unknown command 'postgresql://app:***@host/shop'"],
])('hides the password of %s', (text, shown) => {
  expect(redacted(text)).toBe(shown);
});

test.each([
  'postgres://app@host:5432/shop',
  'postgres://firelock@localhost:5432/firelock?host=%2Ftmp%2Ffirelock-abc',
  'http://127.0.0.1:4747/ and ops@example.org',
])('leaves %s as it is', (text) => {
  expect(redacted(text)).toBe(text);
});
