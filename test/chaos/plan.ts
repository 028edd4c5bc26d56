import { type Random, randomOf } from './random.js';

/** What can be done to an installation. */
export const disturbances = [
  'kill',
  'kill two at once',
  'kill, and again right after the start',
  'vanish',
  'drain',
  'stop',
  'cut',
  'deafen',
  'kill client',
  'cut client',
  'restart Postgres',
] as const;

export type Disturbance = (typeof disturbances)[number];

/** One disturbance at one time. Which process it befalls is drawn when the time has come. */
export interface Strike {
  readonly disturbance: Disturbance;
  readonly atMs: number;
  /** How long it lasts; what that means is the disturbance's own. */
  readonly forMs: number;
  readonly random: Random;
}

export interface PlanOptions {
  /** Each makes a plan of its own; all of them are carried out together. */
  readonly seeds: readonly number[];
  readonly durationMs: number;
  readonly perMinute: Readonly<Record<Disturbance, number>>;
  /** How long each lasts: at least, at most. */
  readonly lengthsMs: Readonly<Record<Disturbance, readonly [number, number]>>;
}

/** All strikes of a run in the order of their times: the same for the same options. */
export function planOf(options: PlanOptions): readonly Strike[] {
  return options.seeds
    .flatMap((seed) => disturbances.flatMap((disturbance) => strikesOf({ seed, disturbance }, options)))
    .toSorted((left, right) => left.atMs - right.atMs);
}

interface Draw {
  readonly seed: number;
  readonly disturbance: Disturbance;
}

/** At random, but spread: each has a stretch of the time to itself. At least one of what is wanted at all. */
function strikesOf({ seed, disturbance }: Draw, { durationMs, perMinute, lengthsMs }: PlanOptions): Strike[] {
  const wanted = (perMinute[disturbance] * durationMs) / 60_000;
  const count = wanted > 0 ? Math.max(1, Math.round(wanted)) : 0;
  return Array.from({ length: count }, (_, number) => {
    const random = randomOf(seed, `${disturbance} ${number}`);
    const forMs = random.between(...lengthsMs[disturbance]);
    // One that lasts is over before the end, if it can be.
    const stretch = Math.max(0, durationMs - forMs) / count;
    return { disturbance, atMs: (number + random.between(0, 1)) * stretch, forMs, random };
  });
}
