import { Client, type QueryResultRow } from 'pg';

/** Runs one statement on a connection of its own. */
export async function query<Row extends QueryResultRow>(
  connectionString: string,
  text: string,
): Promise<Row[]> {
  const client = new Client({ connectionString });
  client.on('error', () => undefined); // the query reports it
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}

/** The value of one of Postgres' settings. */
export async function setting(connectionString: string, name: string): Promise<string | undefined> {
  const rows = await query<{ value: string }>(connectionString, `select current_setting('${name}') as value`);
  return rows[0]?.value;
}

export function socketFolder(connectionString: string): string {
  return new URL(connectionString).searchParams.get('host') ?? '';
}
