import { z } from 'zod';
import { type AnyJobDefinition, defineJob } from '../../src/index.js';

const acts = ['send', 'render', 'import', 'sync', 'resize', 'charge', 'index', 'archive'] as const;
const things = ['invoice', 'report', 'image', 'order', 'user'] as const;

/** The names of all jobs: 40. */
export const names: readonly string[] = acts.flatMap((act) => things.map((thing) => `${act}-${thing}`));

/** Each act has its queue; nothing is taken from the last one, which is paused. */
export const queues: readonly string[] = [
  'emails',
  'reports',
  'imports',
  'default',
  'images',
  'payments',
  'search',
  'archive',
];

export const PAUSED = 'archive';

const args = z.looseObject({ userId: z.number() });

/** What the load consists of: the jobs of all names that are run, without their handlers. */
export const contracts = names
  .map((name, index) => ({ name, queue: queues[Math.floor(index / things.length)] ?? 'default' }))
  .filter(({ queue }) => queue !== PAUSED)
  .map(({ name, queue }) => defineJob({ name, queue, args, retry: { attempts: 2, delays: ['10m'] } }));

/** The same with handlers that take as long as a call over a network; one of 200 fails. */
export function withHandlers(): readonly AnyJobDefinition[] {
  return contracts.map((contract) =>
    contract.withHandler(async ({ userId }, { signal }) => {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 5);
        signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
      });
      if (userId % 200 === 0) throw new Error(`Nobody knows the user ${userId}`);
    }),
  );
}
