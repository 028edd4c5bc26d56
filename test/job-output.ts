import { eventually } from './eventually.js';
import type { Database } from '../src/storage/database.js';
import { jobLog, type LogLine, type ProgressBar, progressBars } from '../src/storage/job-output.js';

/** The whole log of a job. */
export function logOf({ kysely }: Database, jobId: string): Promise<readonly LogLine[]> {
  return jobLog(kysely, { jobId, limit: 10_000 });
}

/** The messages of a job's log, with the attempts that said them. */
export async function messagesOf(database: Database, jobId: string): Promise<readonly string[]> {
  return (await logOf(database, jobId)).map(({ attempt, message }) => `${attempt}: ${message}`);
}

/** The log of a job once it has so many lines. */
export function logOfLength(database: Database, jobId: string, length: number): Promise<readonly LogLine[]> {
  return eventually(`the log of job ${jobId} has ${length} lines`, async () => {
    const log = await logOf(database, jobId);
    return log.length >= length ? log : undefined;
  });
}

/** The bars of a job as `name: percent` once one of them reads so. */
export function barsWith(database: Database, jobId: string, bar: string): Promise<readonly string[]> {
  return eventually(`a bar of job ${jobId} reads ${bar}`, async () => {
    const bars = (await progressBars(database.kysely, jobId)).map(inWords);
    return bars.includes(bar) ? bars : undefined;
  });
}

function inWords({ name = 'main', percent }: ProgressBar): string {
  return `${name}: ${percent}`;
}
