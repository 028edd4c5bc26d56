import type { Direction } from '../proxy.js';
import { type Blow, last } from './blow.js';
import type { Life } from './life.js';

const DIRECTIONS: readonly [readonly Direction[], ...(readonly Direction[])[]] = [
  ['questions'],
  ['answers'],
  ['questions', 'answers'],
];

/** SIGTERM, as before each deployment. */
export async function drain({ journal, disturbance: by }: Blow, life: Life): Promise<void> {
  journal.note({ kind: 'struck', life: life.name, by });
  await life.leave();
}

/** It stands still for longer than its lease, and goes on as if nothing had happened. */
export async function stop(blow: Blow, life: Life): Promise<void> {
  const { journal, disturbance: by } = blow;
  journal.note({ kind: 'struck', life: life.name, by });
  life.signal('SIGSTOP');
  await last(blow);
  life.signal('SIGCONT');
  journal.note({ kind: 'healed', life: life.name, by });
}

/** All its connections break at once; new ones work. */
export async function cut({ journal, disturbance: by }: Blow, life: Life): Promise<void> {
  journal.note({ kind: 'struck', life: life.name, by });
  life.network.cut();
}

/** What it says, hears, or both, is lost, while its connections stay open. */
export async function deafen(blow: Blow, life: Life): Promise<void> {
  const { journal, random, disturbance: by } = blow;
  journal.note({ kind: 'struck', life: life.name, by });
  life.network.blackOut(random.pick(DIRECTIONS));
  await last(blow);
  life.network.restore();
  journal.note({ kind: 'healed', life: life.name, by });
}
