import type { Request, Response } from 'express';
import type { Database } from '../storage/database.js';
import { countJobs } from '../storage/job-counts.js';
import { type Outcome, flashCode, flashOf } from './flash.js';
import { type Counts, type Section, navigation } from './navigation.js';
import type { PageError } from './page-error.js';
import { type ViewName, render } from './templates.js';
import { visitOf } from './visit.js';

/** A page: its view, what the view shows, and its place in the navigation. */
export interface Page {
  readonly view: ViewName;
  readonly title: string;
  readonly section: Section | undefined;
  readonly model: object;
  /** Those of the navigation; read when they are not given. */
  readonly counts?: Counts;
}

/** Sends pages in the dashboard's layout. */
export class Pages {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async show(req: Request, res: Response, page: Page): Promise<void> {
    const counts = page.counts ?? (await countJobs(this.#database));
    res.type('html').send(await render(page.view, page.model, layoutOf(req, page, counts)));
  }
}

/** Asks the database for nothing: it may be what is wrong. */
export async function showErrorPage(req: Request, res: Response, error: PageError): Promise<void> {
  const { status, advice, example, message: title } = error;
  const layout = layoutOf(req, { title, section: undefined }, undefined);
  res
    .status(status)
    .type('html')
    .send(await render('error', { status, advice, example }, layout));
}

/** After a post: to a page of the dashboard, which says what was done. */
export function redirectAfter(req: Request, res: Response, { to, place, outcome }: Return): void {
  res.redirect(303, visitOf(req).url(to, { place, done: flashCode(outcome) }));
}

interface Return {
  readonly to: string;
  /** The page of a list. */
  readonly place?: string | undefined;
  readonly outcome: Outcome;
}

function layoutOf(req: Request, page: Pick<Page, 'title' | 'section'>, counts: Counts | undefined): object {
  const { access, url, query } = visitOf(req);
  return {
    title: page.title,
    url,
    mayAct: access.level === 'act',
    readOnly: access.level === 'read',
    navigation: access.level === 'none' ? undefined : navigation({ url, section: page.section, counts }),
    flash: flashOf(query.get('done')),
  };
}
