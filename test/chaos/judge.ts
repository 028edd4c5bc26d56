import { claims, examine } from './checks/claims.js';
import { innocentsWereHit, retriedJobs } from './checks/dead-letters.js';
import type { Finding } from './checks/finding.js';
import { nothingRemains } from './checks/leaks.js';
import { lossesOf, noFalseLosses, sparedProcessKeepsItsLease } from './checks/losses.js';
import { processesEndAsTold } from './checks/processes.js';
import { recoveredInTime } from './checks/recovery.js';
import { slotsAreUsable } from './checks/slots.js';
import { recoveriesOf } from './recovery-times.js';
import { ORCHESTRATOR, type Run } from './run.js';

/** Checks everything, once all is settled; in the end all servers have left. */
export async function judge(run: Run): Promise<readonly Finding[]> {
  const { pool, journal, fleet } = run;
  const findings = [...(await alive(run)), ...(await onRecord(run))];
  await fleet.dismiss('server');
  return [
    ...findings,
    await nothingRemains(pool, [], [ORCHESTRATOR]),
    await processesEndAsTold(pool, journal),
    // Last: nobody may be declared lost by leaving either.
    noFalseLosses(await lossesOf(pool, journal)),
  ];
}

/** What can be seen only while the servers live. */
async function alive(run: Run): Promise<readonly Finding[]> {
  const { fleet, pool } = run;
  return [
    ...(await Promise.all(
      Object.entries(slotsByQueue(run)).map(([queue, slots]) => slotsAreUsable(run, queue, slots)),
    )),
    await sparedProcessKeepsItsLease(pool, fleet.lives),
    await nothingRemains(pool, fleet.lives, [ORCHESTRATOR]),
  ];
}

/** What the tables and the journal tell. */
async function onRecord({ pool, journal, confirmed, options }: Run): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const claim of claims) findings.push(await examine(pool, claim));
  return [
    ...findings,
    await confirmed.areThere(pool),
    innocentsWereHit(await retriedJobs(pool), journal),
    recoveredInTime(await recoveriesOf(pool, journal), options.recoveryLimitMs),
  ];
}

function slotsByQueue({ fleet }: Run): Readonly<Record<string, number>> {
  const slots: Record<string, number> = {};
  for (const { seat } of fleet.lives)
    for (const [queue, count] of Object.entries(seat.queues)) slots[queue] = (slots[queue] ?? 0) + count;
  return slots;
}
