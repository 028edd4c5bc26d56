import { randomBytes } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { run } from '../global-setup.js';

/** The same database as a new role that has no rights in it; dropped when the test ends. */
export async function guest(connectionString: string): Promise<string> {
  const url = new URL(connectionString);
  url.username = `firelock_guest_${randomBytes(4).toString('hex')}`;
  url.password = 'guest';
  await run(connectionString, `create role ${url.username} login password 'guest'`);
  onTestFinished(() => run(connectionString, `drop owned by ${url.username}`, `drop role ${url.username}`));
  return url.href;
}
