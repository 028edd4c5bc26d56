import { type JobTimeoutError, ServerLostError } from '../../errors.js';
import type { ErrorRecord } from '../../job/error-record.js';
import { isFinal, type State } from '../../job/state.js';
import { english as t } from '../english.js';

const SERVER_LOST: ServerLostError['code'] = 'FIRELOCK_SERVER_LOST';
const TIMEOUT: JobTimeoutError['code'] = 'FIRELOCK_JOB_TIMEOUT';
/** A job whose server was lost so often runs where it can take no other jobs with it. */
const SUSPICIOUS = 2;

type Failure = Pick<ErrorRecord, 'code'> | undefined;

/** Whether the attempt did not fail by itself: its server was lost. */
export function isServerLoss(error: Failure): boolean {
  return error?.code === SERVER_LOST;
}

/** The same of the beginning of an error, which tells its name alone. */
export function isServerLossNamed(name: string): boolean {
  return name === ServerLostError.name;
}

export function isTimeout(error: Failure): boolean {
  return error?.code === TIMEOUT;
}

/** `Its server was lost twice while it ran` */
export function serverLosses(recoveries: number): string {
  return t.jobs.lostServers(t.jobs.often(recoveries));
}

/** Says so of a job that runs apart from others, because it may be what kills its servers. */
export function apartNote({ state, recoveries }: { readonly state: State; readonly recoveries: number }) {
  if (isFinal(state) || recoveries < SUSPICIOUS) return undefined;
  return t.jobs.runsApart(t.jobs.often(recoveries));
}
