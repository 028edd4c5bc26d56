import type { JobWithHistory } from '../../job/job.js';
import type { Visit } from '../access/visit.js';
import type { Form } from '../frame/form.js';
import type { FormPage } from '../frame/form-page.js';
import type { DashboardParts } from '../frame/parts.js';

/** A page on which something is typed or confirmed about one job. */
export interface JobForm {
  readonly act: 'delete' | 'reschedule' | 'change' | 'again';
  /** Undefined where the act does not apply to the job as it is. */
  readonly pageOf: (typed: TypedOfJob, parts: DashboardParts) => FormPage | undefined;
  /** Does it; answers the job that the visitor sees then, undefined if it did not apply. Without: it is posted elsewhere. */
  readonly submit?: (typed: TypedOfJob, parts: DashboardParts) => Promise<string | undefined>;
}

export interface TypedOfJob {
  readonly job: JobWithHistory;
  readonly form: Form;
  readonly visit: Visit;
}

/** What is the same in all of them. */
export function aboutJob({ job, form, visit }: TypedOfJob, act: JobForm['act']) {
  return {
    section: job.state,
    action: visit.url(`/${job.id}/${act}`),
    back: visit.url(`/${job.id}`),
    chosen: [{ text: `${job.name} #${job.id}`, href: visit.url(`/${job.id}`) }],
    hidden: [{ name: 'from', value: job.state }],
    reason: form.reason ?? '',
  } as const;
}
