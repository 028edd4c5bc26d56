import { cost } from './cost.js';
import { drain, enqueueInBulk, enqueueOneByOne, schedulePrecision, startLatency } from './measures.js';
import type { System } from './systems/system.js';

/** One line of the report: what is measured, in which unit, and whether more is better. */
export interface Measure {
  readonly title: string;
  readonly unit: string;
  readonly better: 'more' | 'less';
  /** One figure, or none where a system cannot be measured. */
  run(system: System, connectionString: string): Promise<number | undefined>;
}

const jobsPerSecond = { unit: 'jobs/s', better: 'more' } as const;
const milliseconds = { unit: 'ms', better: 'less' } as const;
const perJob = { unit: 'per job', better: 'less' } as const;

/** Everything that `npm run bench` measures, `scale` times as much of it (1 for the published figures). */
export function plan(scale: number): readonly Measure[] {
  const count = (full: number) => Math.max(1000, Math.round(full * scale));
  return [
    {
      title: 'enqueue one at a time, 1 caller',
      ...jobsPerSecond,
      run: (system) => enqueueOneByOne(system, count(5000), 1),
    },
    {
      title: 'enqueue one at a time, 16 callers',
      ...jobsPerSecond,
      run: (system) => enqueueOneByOne(system, count(30_000), 16),
    },
    {
      title: 'enqueue in bulk, 1,000 a statement',
      ...jobsPerSecond,
      run: (system) => enqueueInBulk(system, count(100_000)),
    },
    ...[10, 50, 200, 1000].map((slots) => ({
      title: `drain, ${slots} slots, fetch size ${slots}`,
      ...jobsPerSecond,
      run: (system: System) => drain(system, { count: count(60_000), slots, fetchSize: slots }),
    })),
    {
      title: 'drain, 50 slots, fetch size 500',
      ...jobsPerSecond,
      run: (system) => drain(system, { count: count(60_000), slots: 50, fetchSize: 500 }),
    },
    ...([0.5, 0.95] as const).map((part) => ({
      title: `enqueue to start at 100/s on an idle server, p${part * 100}`,
      ...milliseconds,
      run: async (system: System) =>
        percentile(await startLatency(system, { perSecond: 100, seconds: 5 }), part),
    })),
    {
      title: 'start after the scheduled instant, 100,000 others waiting, p95',
      ...milliseconds,
      run: async (system) =>
        percentile(
          await schedulePrecision(system, { count: 100, spacingMs: 20, others: count(100_000) }),
          0.95,
        ),
    },
    { title: 'row writes', ...perJob, run: async (system, url) => (await cost(system, url)).rowWritesPerJob },
    {
      title: 'statements',
      ...perJob,
      run: async (system, url) => (await cost(system, url)).statementsPerJob,
    },
  ];
}

function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}
