import type { Router } from 'express';
import { checkJobId } from '../../job/job-id.js';
import { requires } from '../access/access.js';
import { visitOf } from '../access/visit.js';
import { readForm, saidBy } from '../frame/form.js';
import { redirectAfter } from '../frame/pages.js';
import type { DashboardParts } from '../frame/parts.js';
import { transitionOf } from '../jobs/acts.js';

/** The acts on a job that need nothing to be typed: its page has a button for each. */
export function addJobActs(router: Router, { acts }: DashboardParts): void {
  for (const act of ['retry', 'requeue', 'delete'] as const) {
    router.post(`/:id/${act}`, requires('act'), async (req, res) => {
      const id = checkJobId(String(req.params['id']));
      const form = readForm(req.body);
      const options = { ...saidBy(visitOf(req).actor, form), ...(form.from && { from: form.from }) };
      const applied = await acts.apply(transitionOf(act), [id], { options });
      redirectAfter(req, res, { to: `/${id}`, outcome: { act, asked: 1, applied: applied.length } });
    });
  }
}
