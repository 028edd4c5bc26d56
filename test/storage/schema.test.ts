import { expect, test } from 'vitest';
import { fileConnection, fileDatabase } from '../database.js';

const client = await fileConnection(await fileDatabase());

const columns = `
  select format('%s.%s %s%s%s', table_name, column_name, data_type,
    case is_nullable when 'NO' then ' not null' else '' end, coalesce(' default ' || column_default, '')) as line
  from information_schema.columns where table_schema = 'firelock' order by table_name, ordinal_position`;

// Postgres 18 lists `not null` as constraints too; they are told by the columns already.
const constraints = `
  select format('%s.%s %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) as line
  from pg_constraint where connamespace = 'firelock'::regnamespace and contype <> 'n' order by 1`;

const indexes = `select indexdef as line from pg_indexes where schemaname = 'firelock' order by indexname`;

const settings = `
  select format('%s %s', oid::regclass, array_to_string(reloptions, ', ')) as line
  from pg_class where relnamespace = 'firelock'::regnamespace and reloptions is not null order by 1`;

async function lines(query: string): Promise<string> {
  const { rows } = await client.query<{ line: string }>(query);
  return rows.map(({ line }) => line).join('\n');
}

test('the migrations make exactly the schema that was reviewed (update with: npx vitest run -u schema)', async () => {
  const parts: string[] = [];
  for (const query of [columns, constraints, indexes, settings]) parts.push(await lines(query));
  await expect(`${parts.join('\n\n')}\n`).toMatchFileSnapshot('schema.txt');
});
