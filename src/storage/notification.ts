import { type AttemptId, attemptKey, parseAttemptKey } from '../job/attempt-id.js';
import type { Executor, Statement } from './statement.js';

/** What one process tells the others: there is something to do earlier than they know. */
export type Notification =
  | { readonly kind: 'ready'; readonly queue: string }
  | { readonly kind: 'scheduled'; readonly dueMs: number }
  /** What servers have claimed from the queue and not started is to go back. */
  | { readonly kind: 'paused'; readonly queue: string }
  | { readonly kind: 'recurring' }
  /** A server looks after all of them; sent by the statement of `watch.ts` itself, as are `suspect` and some of `ready`. */
  | { readonly kind: 'watched'; readonly serverId: string }
  | { readonly kind: 'suspect'; readonly queue: string; readonly serverIds: readonly string[] }
  /** Something is asked of a server: its next renewal of its lease tells what. */
  | { readonly kind: 'asked'; readonly serverId: string }
  /** Attempts that were under way when their jobs were deleted. */
  | { readonly kind: 'cancelled'; readonly attempts: readonly AttemptId[] };

/** NOTIFY takes less than 8,000 bytes: 250 of the longest keys there can be, of 30 characters and a comma each. */
const ATTEMPTS_PER_PAYLOAD = 250;

/** One channel per installation: its schema's name, unique in the database. */
export function channelOf(schema: string): string {
  return `firelock:${schema}`;
}

/** The payloads that say it: several where one would be longer than NOTIFY takes. */
export function encode(notification: Notification): readonly string[] {
  switch (notification.kind) {
    case 'ready':
      return [`ready ${notification.queue}`];
    case 'paused':
      return [`paused ${notification.queue}`];
    case 'scheduled':
      return [`scheduled ${notification.dueMs}`];
    case 'recurring':
      return ['recurring'];
    case 'watched':
      return [`watched ${notification.serverId}`];
    case 'asked':
      return [`asked ${notification.serverId}`];
    case 'suspect':
      return [`suspect ${notification.queue} ${notification.serverIds.join(',')}`];
    case 'cancelled':
      return encodeAttempts(notification.attempts);
  }
}

function encodeAttempts(attempts: readonly AttemptId[]): readonly string[] {
  const keys = attempts.map(attemptKey);
  return Array.from({ length: Math.ceil(keys.length / ATTEMPTS_PER_PAYLOAD) }, (_, place) => {
    const start = place * ATTEMPTS_PER_PAYLOAD;
    return `cancelled ${keys.slice(start, start + ATTEMPTS_PER_PAYLOAD).join(',')}`;
  });
}

/** The notification in a payload; undefined for one that this release does not know. */
export function decode(payload: string): Notification | undefined {
  const [kind, detail = '', further = ''] = payload.split(' ', 3);
  if (kind === 'paused' && detail !== '') return { kind, queue: detail };
  if (kind === 'ready' && detail !== '') return { kind, queue: detail };
  if (kind === 'suspect' && further !== '') return { kind, queue: detail, serverIds: further.split(',') };
  if ((kind === 'watched' || kind === 'asked') && detail !== '') return { kind, serverId: detail };
  if (kind === 'scheduled' && Number.isFinite(Number(detail))) return { kind, dueMs: Number(detail) };
  if (kind === 'cancelled')
    return { kind, attempts: detail.split(',').flatMap((key) => parseAttemptKey(key) ?? []) };
  return kind === 'recurring' ? { kind } : undefined;
}

/** Sends notifications; in a transaction they leave when it commits. */
export async function notify(
  executor: Executor,
  channel: string,
  notifications: readonly Notification[],
): Promise<void> {
  await executor.run(statement, [channel, notifications.flatMap(encode)]);
}

const statement: Statement = {
  name: 'notify',
  text: `select pg_notify($1, payload) from unnest($2::text[]) as payloads(payload)`,
};
