import { Router } from 'express';
import { visitOf } from '../access/visit.js';
import { shownValue } from '../access/shown-value.js';
import { requires } from '../access/access.js';
import type { DashboardParts } from '../frame/parts.js';
import { addJobActs } from './job-acts.js';
import { addJobForms } from './job-forms.js';
import { findShownJob, readJobPage } from './job-page.js';
import { jobView } from './job-view.js';

/** A job's page and what can be done to it. To be added last: any other word in the address is taken for a job's id. */
export function jobRouter(parts: DashboardParts): Router {
  const router = Router();
  addPage(router, parts);
  addWholeValues(router, parts);
  addJobForms(router, parts);
  addJobActs(router, parts);
  return router;
}

function addPage(router: Router, { database, pages, redaction }: DashboardParts): void {
  router.get('/:id', async (req, res) => {
    const facts = await readJobPage(req.params.id, database);
    const { rights, url } = visitOf(req);
    const model = jobView(facts, { rights, url, redaction });
    const { id, name, state } = facts.job;
    await pages.show(req, res, { view: 'job', title: `${name} #${id}`, section: state, model });
  });
}

/** Where the page shows only the beginning. */
function addWholeValues(router: Router, { database, redaction }: DashboardParts): void {
  for (const part of ['args', 'result'] as const) {
    router.get(`/:id/${part}`, requires('view-args'), async (req, res) => {
      const job = await findShownJob(String(req.params['id']), database);
      const { value } = shownValue(
        job[part],
        { job: job.name, part },
        { rights: visitOf(req).rights, redaction },
      );
      res.type('json').send(JSON.stringify(value ?? null, null, 2));
    });
  }
}
