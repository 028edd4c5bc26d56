import type { Firelock } from '../../src/firelock.js';
import type { Scene } from './blow.js';
import type { Confirmed } from './checks/confirmed.js';
import type { Seat } from './life.js';
import { BLOCKING_QUEUE } from './jobs.js';
import type { ChaosOptions } from './options.js';

/** The name of the orchestrator's own connections. */
export const ORCHESTRATOR = 'orchestrator';

/** A run of chaos, from its start to its judgement. */
export interface Run extends Scene {
  readonly options: ChaosOptions;
  /** The orchestrator's own installation, over its pool. */
  readonly firelock: Firelock;
  readonly confirmed: Confirmed;
}

/** The processes of a run. */
export function seatsOf({ servers, slots, clients, jobsPerSecond }: ChaosOptions): readonly Seat[] {
  const common = { queues: {}, jobsPerSecond: jobsPerSecond / clients, spared: false };
  const named = (name: string, count: number) => Array.from({ length: count }, (_, n) => `${name}-${n + 1}`);
  return [
    { ...common, name: 'blocking', program: 'server', queues: { [BLOCKING_QUEUE]: 1 }, spared: true },
    ...named('server', servers).map(
      (name): Seat => ({ ...common, name, program: 'server', queues: { default: slots } }),
    ),
    ...named('client', clients).map((name): Seat => ({ ...common, name, program: 'client' })),
  ];
}
