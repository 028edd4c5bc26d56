import { once } from 'node:events';
import { createConnection, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

const NOTIFICATION = 'A'.charCodeAt(0);
const HEADER_BYTES = 5;

/**
 * Stands before Postgres and loses every notification, as a pooler in transaction mode does; the rest passes. Answers
 * the connection string that leads through it.
 */
export async function deafProxy(connectionString: string): Promise<string> {
  const url = new URL(connectionString);
  const folder = url.searchParams.get('host');
  const port = Number(url.port || 5432);
  const proxy = createServer((client) => {
    const postgres =
      folder === null ? createConnection(port, url.hostname) : createConnection(`${folder}/.s.PGSQL.${port}`);
    client.pipe(postgres).on('error', () => client.destroy());
    client.on('error', () => postgres.destroy());
    passOn(postgres, client);
  });
  await once(proxy.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void proxy.close());
  const address = proxy.address();
  url.searchParams.delete('host');
  url.hostname = '127.0.0.1';
  url.port = String(typeof address === 'object' ? address?.port : '');
  return url.href;
}

/** A message is a byte for its kind, then its length without that byte. */
function passOn(postgres: Socket, client: Socket): void {
  let pending = Buffer.alloc(0);
  postgres.on('data', (chunk: Buffer) => {
    pending = Buffer.concat([pending, chunk]);
    while (pending.length >= HEADER_BYTES) {
      const length = pending.readUInt32BE(1) + 1;
      if (pending.length < length) return;
      if (pending[0] !== NOTIFICATION) client.write(pending.subarray(0, length));
      pending = pending.subarray(length);
    }
  });
  postgres.on('end', () => client.end());
}
