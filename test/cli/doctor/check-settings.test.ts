import { expect, test } from 'vitest';
import { checkSettings } from '../../../src/cli/doctor/check-settings.js';
import type { PostgresFacts } from '../../../src/storage/postgres-facts.js';

const sound: PostgresFacts = {
  version: '13.0',
  versionNumber: 130_000,
  role: 'app',
  database: 'shop',
  inRecovery: false,
  settings: { default_transaction_isolation: 'read committed', server_encoding: 'UTF8' },
  connectionLimit: 97,
  connections: 80,
  schemaExists: true,
  mayCreateSchema: true,
  mayUseSchema: true,
  mayCreateTables: true,
  missingRights: [],
};

function toFix(facts: Partial<PostgresFacts>): readonly string[] {
  return checkSettings({ ...sound, ...facts }).flatMap(({ ok, topic }) => (ok ? [] : [topic]));
}

test('the oldest version, on its defaults, with connections for one more process, is ok', () => {
  expect(toFix({})).toEqual([]);
});

test.each([
  ['a version before 13', { version: '12.22', versionNumber: 120_022 }, 'version'],
  ['a replica', { inRecovery: true }, 'writable'],
  ['too few connections for one more process', { connections: 81 }, 'connections'],
  ['no autovacuum', { settings: { ...sound.settings, autovacuum: 'off' } }, 'settings'],
  [
    'an encoding that does not hold every text',
    { settings: { ...sound.settings, server_encoding: 'LATIN1' } },
    'settings',
  ],
])('%s is to be fixed', (_what, facts, topic) => {
  expect(toFix(facts)).toEqual([topic]);
});
