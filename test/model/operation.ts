import * as fc from 'fast-check';
import type { Priority } from '../../src/job/priority.js';
import { type State, states } from '../../src/job/state.js';
import type { Act } from '../../src/job/transition.js';

/** Something that a client, a server or the passing of time does. Numbers pick a job, or a server, of those there are. */
export type Operation =
  | Enqueue
  | Work
  | ClaimSuspect
  | ActOn
  | Live
  | Release
  | Promote
  | Expire
  /** Another server comes. */
  | { readonly kind: 'join' }
  /** Servers that were silent for long are lost, and the jobs of those that are gone are recovered. */
  | { readonly kind: 'recover' }
  /** What waits has become due. */
  | { readonly kind: 'time passes' };

export type Queue = 'a' | 'b';

export interface Enqueue {
  readonly kind: 'enqueue';
  readonly count: number;
  readonly queue: Queue;
  readonly priority: Priority;
  readonly attempts: number;
  readonly when: 'now' | 'in the past' | 'later';
}

/** A server settles attempts that it was given, and takes others. */
export interface Work {
  readonly kind: 'work';
  readonly server: number;
  readonly queue: Queue;
  readonly limit: number;
  readonly ends: readonly End[];
}

export interface End {
  /** Which of the attempts that the writer was given. */
  readonly pick: number;
  /** All but the first must be refused. */
  readonly writer: 'the server' | 'another server' | 'an attempt too high';
  readonly outcome: 'succeeded' | 'failed' | 'dead' | 'released' | 'snoozed';
  /** The next attempt is due at once. */
  readonly soon: boolean;
}

/** A server takes a job that was lost with its server twice, to run it apart. */
export interface ClaimSuspect {
  readonly kind: 'claim suspect';
  readonly server: number;
  readonly queue: Queue;
}

export interface ActOn {
  readonly kind: 'act';
  readonly act: Act['kind'];
  readonly jobs: readonly number[];
  /** Only while the job is in this state. */
  readonly from: State | undefined;
  readonly soon: boolean;
}

interface Live {
  readonly kind: 'beat' | 'fall silent' | 'leave';
  readonly server: number;
}

/** A server never hears what it was given last, and gives back what it does not know of. */
interface Release {
  readonly kind: 'release';
  readonly server: number;
  readonly queue: Queue;
}

interface Promote {
  readonly kind: 'promote';
  readonly limit: number;
}

interface Expire {
  readonly kind: 'expire';
  readonly state: 'succeeded' | 'dead' | 'deleted';
}

/** One of the three servers that came last: most of the others are gone. */
export function pickServer(pick: number, count: number): number {
  return count - 1 - (pick % Math.min(count, 3));
}

/** Any operation; those that bring jobs on come more often than those that end them. */
export function anyOperation({ jobsPerAct }: { readonly jobsPerAct: number }): fc.Arbitrary<Operation> {
  return fc.oneof(
    { weight: 3, arbitrary: enqueue },
    { weight: 12, arbitrary: work },
    { weight: 2, arbitrary: claimSuspect },
    { weight: 4, arbitrary: acting(jobsPerAct) },
    { weight: 2, arbitrary: promote },
    { weight: 1, arbitrary: fc.constant({ kind: 'time passes' } as const) },
    { weight: 3, arbitrary: living },
    { weight: 2, arbitrary: fc.constant({ kind: 'join' } as const) },
    { weight: 3, arbitrary: fc.constant({ kind: 'recover' } as const) },
    { weight: 1, arbitrary: release },
    { weight: 1, arbitrary: expire },
  );
}

const any = fc.nat({ max: 1000 });
const queue = fc.constantFrom<Queue>('a', 'b');
const fewer = fc.integer({ min: 1, max: 3 });

const enqueue = fc.record<Enqueue>({
  kind: fc.constant('enqueue'),
  count: fewer,
  queue,
  priority: fc.constantFrom<Priority>('high', 'normal', 'low'),
  attempts: fewer,
  when: fc.constantFrom('now', 'now', 'in the past', 'later'),
});

const work = fc.record<Work>({
  kind: fc.constant('work'),
  server: any,
  queue,
  limit: fc.nat({ max: 3 }),
  ends: fc.array(
    fc.record<End>({
      pick: any,
      writer: fc.oneof(
        { weight: 8, arbitrary: fc.constant('the server') },
        { weight: 2, arbitrary: fc.constantFrom('another server', 'an attempt too high') },
      ),
      outcome: fc.constantFrom('succeeded', 'failed', 'dead', 'released', 'snoozed'),
      soon: fc.boolean(),
    }),
    { maxLength: 4 },
  ),
});

function acting(jobsPerAct: number): fc.Arbitrary<ActOn> {
  return fc.record<ActOn>({
    kind: fc.constant('act'),
    act: fc.constantFrom('retry', 'requeue', 'delete', 'reschedule'),
    jobs: fc.uniqueArray(any, { minLength: 1, maxLength: jobsPerAct }),
    from: fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, fc.constantFrom(...states)),
    soon: fc.boolean(),
  });
}

const claimSuspect = fc.record<ClaimSuspect>({ kind: fc.constant('claim suspect'), server: any, queue });
const living = fc.record<Live>({
  kind: fc.constantFrom('beat', 'fall silent', 'fall silent', 'leave'),
  server: any,
});
const release = fc.record<Release>({ kind: fc.constant('release'), server: any, queue });
const promote = fc.record<Promote>({ kind: fc.constant('promote'), limit: fewer });
const expire = fc.record<Expire>({
  kind: fc.constant('expire'),
  state: fc.constantFrom('succeeded', 'dead', 'deleted'),
});
