import { type Recovery, spreadOf } from '../recovery-times.js';
import type { Finding } from './finding.js';

/** Of processes that were killed while Postgres was there and heard of it. */
export function recoveredInTime(recoveries: readonly Recovery[], limitMs: number): Finding {
  const direct = spreadOf(recoveries.filter(({ despite }) => despite === 'nothing'));
  const limit = limitMs / 1000;
  return {
    claim: `99 of 100 jobs that a killed server was running begin again within ${limit} s`,
    broken: direct.p99 <= limit ? [] : [`p99 is ${direct.p99.toFixed(1)} s, max ${direct.max.toFixed(1)} s`],
  };
}
