import type { Request, Response } from 'express';
import { FirelockError } from '../errors.js';
import type { RecurringJob } from '../storage/recurring-jobs.js';
import type { DashboardParts } from './parts.js';
import { type RecurringForm, readRecurringForm } from './recurring-form.js';
import { recurringJobHref } from './recurring-job-view.js';
import { findShownJob } from './recurring-page.js';
import type { ViewName } from './templates.js';
import { visitOf } from './visit.js';

/** A page on which something is typed about one recurring job. */
export interface FormPage {
  readonly path: string;
  readonly view: ViewName;
  readonly title: string;
  /** Does what was typed, and answers. */
  readonly submit: (visit: Submission) => Promise<void>;
}

interface Submission {
  readonly req: Request;
  readonly res: Response;
  readonly form: RecurringForm;
  readonly job: RecurringJob;
}

/** Answers a post: what cannot be done as it was typed is said above the form, which is shown as it was filled in. */
export async function submit(
  req: Request,
  res: Response,
  { page, parts }: { page: FormPage; parts: DashboardParts },
): Promise<void> {
  const form = readRecurringForm(req.body);
  const job = await findShownJob(form.id, parts.database);
  try {
    await page.submit({ req, res, form, job });
  } catch (error) {
    res.status(422);
    await showForm(req, res, { page, parts, job, form, problem: problemOf(error) });
  }
}

/** What the visitor can set right. @throws everything else */
function problemOf(error: unknown): string {
  if (error instanceof SyntaxError) return `The args are not JSON: ${error.message}`;
  if (error instanceof FirelockError) return error.message;
  throw error;
}

interface Shown {
  readonly page: FormPage;
  readonly parts: DashboardParts;
  readonly job: RecurringJob;
  readonly form?: RecurringForm;
  readonly problem?: string;
}

export async function showForm(
  req: Request,
  res: Response,
  { page, parts, job, form, problem }: Shown,
): Promise<void> {
  const { url } = visitOf(req);
  const args = job.args === null ? '' : JSON.stringify(job.args, null, 2);
  const model = {
    id: job.id,
    action: url(page.path),
    back: recurringJobHref(job.id, url),
    problem,
    definition: job.definition,
    fields: {
      schedule: form?.schedule ?? job.schedule,
      timeZone: form?.timeZone ?? job.timeZone,
      queue: form?.queue ?? job.queue,
      args: form?.args ?? args,
      reason: form?.reason ?? '',
    },
  };
  const title = `${page.title}: ${job.id}`;
  await parts.pages.show(req, res, { view: page.view, title, section: 'recurring', model });
}
