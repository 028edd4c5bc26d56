import type { Logger } from '../job/context.js';
import { Acting, type ActingParts } from './acting.js';
import { Acts } from './acts.js';
import { BulkActs } from './bulk-acts.js';
import { Calendars } from './calendars.js';
import { Enqueuer } from './enqueuer.js';
import { Inserter } from './inserter.js';
import { JobChanger } from './job-changes.js';
import { Queues } from './queues.js';
import { RecurringJobs } from './recurring-jobs.js';
import { Reruns } from './reruns.js';
import { Servers } from './servers.js';

/** What application code, the dashboard and its API call: one part for each thing that can be acted on. */
export interface Client {
  readonly enqueuer: Enqueuer;
  readonly acts: Acts;
  readonly bulkActs: BulkActs;
  readonly changer: JobChanger;
  readonly reruns: Reruns;
  readonly queues: Queues;
  readonly servers: Servers;
  readonly recurringJobs: RecurringJobs;
  readonly calendars: Calendars;
}

export function createClient({ logger, ...parts }: ActingParts & { readonly logger: Logger }): Client {
  const { database, engine } = parts;
  const acting = new Acting(parts);
  return {
    enqueuer: new Enqueuer({ database, engine, inserter: new Inserter(engine) }),
    acts: new Acts(acting),
    bulkActs: new BulkActs({ ...parts, logger }),
    changer: new JobChanger(acting),
    reruns: new Reruns(acting),
    queues: new Queues(database),
    servers: new Servers(database),
    recurringJobs: new RecurringJobs(database, acting),
    calendars: new Calendars(database),
  };
}
