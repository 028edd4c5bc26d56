import type pg from 'pg';
import { z } from 'zod';
import { inTransaction } from './database.js';
import { sendTips, sendWelcome } from './jobs/contracts.js';
import { RefusedError, text } from './request.js';
import type { Shop } from './shop.js';

export interface User {
  readonly id: number;
  readonly name: string;
  readonly email: string;
}

export const registrationSchema = z.object({ name: text, email: z.email() });

export type Registration = z.infer<typeof registrationSchema>;

/**
 * Registers a user and, in the same transaction, enqueues the welcome mail and schedules another for a minute later.
 * Answers the user's id.
 * @throws RefusedError for an address that is registered already
 */
export function register({ pool, firelock }: Shop, registration: Registration): Promise<number> {
  return inTransaction(pool, async (tx) => {
    const userId = await insertUser(tx, registration);
    await firelock.enqueue(sendWelcome, { userId }, { tx });
    await firelock.schedule(sendTips, { userId }, '1m', { tx });
    return userId;
  });
}

export async function findUser(pool: pg.Pool, id: number): Promise<User> {
  const { rows } = await pool.query<User>(`select id, name, email from shop.users where id = $1`, [id]);
  const [user] = rows;
  if (user === undefined) throw new Error(`There is no user ${id}.`);
  return user;
}

async function insertUser(tx: pg.PoolClient, { name, email }: Registration): Promise<number> {
  const { rows } = await tx.query<{ id: number }>(
    `insert into shop.users (name, email) values ($1, $2) on conflict (email) do nothing returning id`,
    [name, email],
  );
  const [user] = rows;
  if (user === undefined) throw new RefusedError(`${email} is registered already.`);
  return user.id;
}
