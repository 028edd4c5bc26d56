import { auditLogOperations } from './audit-log.js';
import { bulkActOperations } from './bulk-acts.js';
import { jobOperations } from './job.js';
import { jobActOperations } from './job-acts.js';
import { jobListOperations } from './jobs.js';
import type { Operation } from './operation.js';
import { queueOperations } from './queues.js';
import { recurringActOperations } from './recurring-acts.js';
import { recurringJobOperations } from './recurring-jobs.js';
import { serverOperations } from './servers.js';
import { statisticsOperations } from './statistics.js';

/** All that the API can do, in the order in which addresses are compared. */
export const operations: readonly Operation[] = [
  ...jobListOperations,
  ...jobOperations,
  ...jobActOperations,
  ...bulkActOperations,
  ...queueOperations,
  ...recurringJobOperations,
  ...recurringActOperations,
  ...serverOperations,
  ...statisticsOperations,
  ...auditLogOperations,
];
