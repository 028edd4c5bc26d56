import type { Timing } from '../schedule/timing.js';
import type { LockedTiming } from '../storage/lock-timing.js';

/** What decides when a recurring job fires: the override, or else what code says. */
export function effective(timing: LockedTiming): Timing {
  const { overrideSchedule, overrideTimeZone } = timing;
  return {
    ...timing,
    schedule: overrideSchedule ?? timing.schedule,
    timeZone: overrideTimeZone ?? timing.timeZone,
  };
}
