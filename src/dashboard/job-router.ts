import { Router } from 'express';
import { checkJobId } from '../job/job-id.js';
import type { JobWithHistory } from '../job/job.js';
import type { Database } from '../storage/database.js';
import { findJob } from '../storage/jobs.js';
import { databaseNow } from '../storage/database-now.js';
import { knownServers } from '../storage/known-servers.js';
import { ensureMayAct } from './access.js';
import { type DashboardAct, actNames, appliesTo, dashboardActs } from './acts.js';
import { deletionView } from './deletion-view.js';
import { readForm } from './form.js';
import { jobView } from './job-view.js';
import { notFound } from './page-error.js';
import { redirectAfter } from './pages.js';
import { ACTOR, type DashboardParts } from './parts.js';
import { visitOf } from './visit.js';

/** A job's page and the acts on it. To be added last: any other word in the address is taken for a job's id. */
export function jobRouter(parts: DashboardParts): Router {
  const router = Router();
  addPage(router, parts);
  addConfirmation(router, parts);
  for (const act of actNames) addAct(router, act, parts);
  return router;
}

function addPage(router: Router, { database, pages }: DashboardParts): void {
  router.get('/:id', async (req, res) => {
    const [job, now] = await Promise.all([jobOf(req.params.id, database), databaseNow(database)]);
    const servers = await knownServers(
      database.kysely,
      job.history.flatMap(({ serverId }) => serverId ?? []),
    );
    const model = jobView(job, { now, servers, url: visitOf(req).url });
    await pages.show(req, res, { view: 'job', title: `${job.name} #${job.id}`, section: job.state, model });
  });
}

function addConfirmation(router: Router, { database, pages }: DashboardParts): void {
  router.get('/:id/delete', async (req, res) => {
    ensureMayAct(req);
    const job = await jobOf(req.params.id, database);
    const outcome = { act: 'delete', asked: 1, applied: 0 } as const;
    if (!appliesTo('delete', job.state)) return redirectAfter(req, res, { to: `/${job.id}`, outcome });
    const model = deletionView({ ids: [job.id], from: job.state, path: `/${job.id}` }, visitOf(req).url);
    await pages.show(req, res, {
      view: 'delete-jobs',
      title: `Delete ${job.name}?`,
      section: job.state,
      model,
    });
  });
}

function addAct(router: Router, act: DashboardAct, { acts }: DashboardParts): void {
  router.post(`/:id/${act}`, async (req, res) => {
    const id = checkJobId(req.params.id);
    const { from, reason } = readForm(req.body);
    const options = { by: ACTOR, ...(from && { from }), ...(reason && { reason }) };
    const applied = await acts.apply(dashboardActs[act], [id], { options });
    redirectAfter(req, res, { to: `/${id}`, outcome: { act, asked: 1, applied: applied.length } });
  });
}

async function jobOf(id: string, { kysely }: Database): Promise<JobWithHistory> {
  const job = await findJob(kysely, checkJobId(id));
  if (job !== undefined) return job;
  throw notFound(
    `There is no job ${id}`,
    'It never was, or its retention is over: jobs that ended are removed after a while.',
  );
}
