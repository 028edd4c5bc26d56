import type { Firelock } from '../../src/firelock.js';
import type { JobContract } from '../../src/job/contract.js';
import type { PgTransaction } from '../../src/job/transaction.js';
import * as jobs from './jobs.js';
import type { Random } from './random.js';

/** What a client wants done: a row of its own and a job, committed together or not at all. */
export interface Order {
  readonly id: string;
  readonly kind: string;
  /** The job must not start earlier than at this instant, or after this delay from the start of the transaction. */
  readonly due: Date | number;
  /** Enqueues its job; answers the job's id. */
  enqueue(firelock: Firelock, tx: PgTransaction): Promise<string>;
}

interface Dish {
  /** Of all orders, in the proportion of all shares. */
  readonly share: number;
  make(id: string, random: Random): Order;
}

const DISHES: readonly Dish[] = [
  dish(38, 'plain', jobs.plain),
  dish(8, 'parent', jobs.parent),
  dish(2, 'hopeless', jobs.hopeless),
  dish(6, 'family', jobs.family),
  dish(4, 'snoozing', jobs.snoozing),
  { share: 10, make: transactional },
  { share: 4, make: (id) => atOnce('doomed', { job: jobs.doomed, id, ms: 3000 }) },
  { share: 12, make: failing },
  { share: 9, make: delayed },
  { share: 7, make: scheduled },
];

const TABLE = DISHES.flatMap((dish) => Array.from({ length: dish.share }, () => dish));

/** An order of a kind drawn by its share. */
export function draw(id: string, random: Random): Order {
  // There are dishes with shares.
  return random.pick(TABLE as [Dish, ...Dish[]]).make(id, random);
}

/** How long jobs take: mostly moments, a few for seconds. */
export function usual(random: Random): number {
  return random.between(0, 1) < 0.04 ? random.between(2000, 5000) : random.between(5, 300);
}

type TimedJob = JobContract<{ readonly order: string; readonly ms: number }>;

function dish(share: number, kind: string, job: TimedJob): Dish {
  return { share, make: (id, random) => atOnce(kind, { job, id, ms: usual(random) }) };
}

interface Timed {
  readonly job: TimedJob;
  readonly id: string;
  readonly ms: number;
}

function atOnce(kind: string, { job, id, ms }: Timed): Order {
  return { id, kind, due: 0, enqueue: (firelock, tx) => firelock.enqueue(job, { order: id, ms }, { tx }) };
}

/** Long enough that many are under way when something happens. */
function transactional(id: string, random: Random): Order {
  return atOnce('transactional', { job: jobs.transactional, id, ms: random.between(5, 2000) });
}

function failing(id: string, random: Random): Order {
  const args = { order: id, ms: usual(random), times: random.pick([1, 2]) };
  return {
    id,
    kind: 'failing',
    due: 0,
    enqueue: (firelock, tx) => firelock.enqueue(jobs.failing, args, { tx }),
  };
}

function delayed(id: string, random: Random): Order {
  const args = { order: id, ms: usual(random) };
  const delay = random.between(200, 5000);
  return {
    id,
    kind: 'delayed',
    due: delay,
    enqueue: (firelock, tx) => firelock.enqueue(jobs.plain, args, { tx, delay }),
  };
}

function scheduled(id: string, random: Random): Order {
  const args = { order: id, ms: usual(random) };
  const due = new Date(Date.now() + random.between(200, 5000));
  return {
    id,
    kind: 'scheduled',
    due,
    enqueue: (firelock, tx) => firelock.schedule(jobs.plain, args, due, { tx }),
  };
}
