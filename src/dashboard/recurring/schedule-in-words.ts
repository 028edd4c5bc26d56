import cronstrue from 'cronstrue';
import { english as t } from '../english.js';

/** What a schedule says, for people; undefined where there are no better words than its own. */
export function scheduleInWords(schedule: string): string | undefined {
  const [kind, ...rest] = schedule.trim().split(/\s+/);
  if (kind?.toLowerCase() === 'at')
    return rest.length === 1 ? t.recurring.once : t.recurring.atInstants(rest.length);
  if (kind?.toLowerCase() === 'every') return undefined;
  try {
    return cronstrue.toString(schedule.trim(), { use24HourTimeFormat: true });
  } catch {
    return undefined;
  }
}
