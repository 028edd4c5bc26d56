import type { Blow } from './blow.js';
import { shutdowns } from './postgres.js';

/** Takes Postgres down in one of three ways, and up again. */
export async function restartPostgres({ postgres, journal, random, forMs }: Blow): Promise<void> {
  const how = random.pick(shutdowns);
  journal.note({ kind: 'Postgres down', how });
  await postgres.restart?.(how, forMs);
  journal.note({ kind: 'Postgres up' });
}
