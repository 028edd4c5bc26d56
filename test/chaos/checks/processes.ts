import type { Journal } from '../journal.js';
import type { Queryable } from '../tables.js';
import { type Finding, linesOf } from './finding.js';

/** A process ends when it is told to, or killed; never by itself. */
export async function processesEndAsTold(db: Queryable, journal: Journal): Promise<Finding> {
  const ended = journal.of('ended');
  const byJob = ended.filter(({ ending }) => ending === 'killed by its job');
  const poisoned = await linesOf(
    db,
    `select attempts.server as line
     from chaos.attempts join firelock.jobs on jobs.id = attempts.job_id
     where jobs.name = 'poison'`,
  );
  return {
    claim: 'no process ends by itself, and each leaves when it is told to',
    broken: [
      ...ended.filter(({ ending }) => ending === 'by itself' || ending === 'refused to leave'),
      ...byJob.filter(({ life }) => !poisoned.includes(life)),
    ].map(({ life, ending }) => `${life}: ${ending}`),
  };
}
