import type { Request, Router } from 'express';
import { requires } from '../access/access.js';
import { visitOf } from '../access/visit.js';
import { type Form, formOf, readForm } from '../frame/form.js';
import { showForm, submitForm } from '../frame/form-page.js';
import { redirectAfter } from '../frame/pages.js';
import type { DashboardParts } from '../frame/parts.js';
import { changeForm } from './change-form.js';
import { deletionForm } from './deletion-form.js';
import type { JobForm, TypedOfJob } from './job-form.js';
import { findShownJob } from './job-page.js';
import { rescheduleForm } from './reschedule-form.js';
import { runAgainForm } from './run-again-form.js';

/** The forms about a job, and what is done when they are sent. */
export function addJobForms(router: Router, parts: DashboardParts): void {
  for (const form of [deletionForm, rescheduleForm, changeForm, runAgainForm]) {
    addPage(router, parts, form);
    if (form.submit !== undefined) addSubmission(router, parts, { ...form, submit: form.submit });
  }
}

function addPage(router: Router, parts: DashboardParts, { act, pageOf }: JobForm): void {
  router.get(`/:id/${act}`, requires('act'), async (req, res) => {
    const typed = await typedOf(req, parts, formOf(visitOf(req).query));
    const page = pageOf(typed, parts);
    const outcome = { act, asked: 1, applied: 0 };
    if (page === undefined) return redirectAfter(req, res, { to: `/${typed.job.id}`, outcome });
    await showForm({ req, res, pages: parts.pages }, page);
  });
}

function addSubmission(
  router: Router,
  parts: DashboardParts,
  { act, pageOf, submit }: Required<JobForm>,
): void {
  router.post(`/:id/${act}`, requires('act'), async (req, res) => {
    const typed = await typedOf(req, parts, readForm(req.body));
    const page = pageOf(typed, parts);
    const refused = { act, asked: 1, applied: 0 };
    if (page === undefined) return redirectAfter(req, res, { to: `/${typed.job.id}`, outcome: refused });
    await submitForm({ req, res, pages: parts.pages }, page, async () => {
      const shown = await submit(typed, parts);
      const outcome = { ...refused, applied: shown === undefined ? 0 : 1 };
      redirectAfter(req, res, { to: `/${shown ?? typed.job.id}`, outcome });
    });
  });
}

async function typedOf(req: Request, { database }: DashboardParts, form: Form): Promise<TypedOfJob> {
  return { job: await findShownJob(String(req.params['id']), database), form, visit: visitOf(req) };
}
