import type { Request, RequestHandler, Response } from 'express';
import type { Database } from '../../storage/database.js';
import { ACTOR } from '../access/authorization.js';
import { type Right, rights } from '../access/rights.js';
import { type Visit, visitOf } from '../access/visit.js';
import { english as t } from '../english.js';
import { CountsReader } from './counts.js';
import { flashCode, flashOf, type Outcome } from './flash.js';
import { type Counts, navigation, type Section } from './navigation.js';
import type { PageError } from './page-error.js';
import { type SearchBox, searchAnywhere } from './search-box.js';
import { render, type ViewName } from './templates.js';
import { themeOf } from './theme.js';

/** A page: its view, what the view shows, and its place in the navigation. */
export interface Page {
  readonly view: ViewName;
  readonly title: string;
  readonly section: Section | undefined;
  readonly model: object;
  /** Where it is not the one that leads to the list of all jobs. */
  readonly search?: SearchBox;
}

/** Sends pages in the dashboard's layout. */
export class Pages {
  readonly #counts: CountsReader;

  constructor(database: Database) {
    this.#counts = new CountsReader(database);
  }

  /** How many jobs are in each state, a second old at most. */
  counts(): Promise<Counts> {
    return this.#counts.read();
  }

  /** After each act: the page that follows, or the next question to the API, shows what it did. */
  readonly countAnewAfterActs: RequestHandler = (req, res, next) => {
    if (req.method !== 'GET' && req.method !== 'HEAD') res.once('finish', () => this.#counts.forget());
    next();
  };

  async show(req: Request, res: Response, page: Page): Promise<void> {
    const layout = layoutOf(req, page, await this.counts());
    res.type('html').send(render(page.view, page.model, layout));
  }
}

/** Asks the database for nothing: it may be what is wrong. */
export function showErrorPage(req: Request, res: Response, error: PageError): void {
  const { status, advice, example, message: title } = error;
  const layout = layoutOf(req, { title, section: undefined }, undefined);
  res
    .status(status)
    .type('html')
    .send(render('error', { status, advice, example }, layout));
}

/** After a post: to a page of the dashboard, which says what was done. */
export function redirectAfter(req: Request, res: Response, { to, query, outcome }: Return): void {
  res.redirect(303, visitOf(req).url(to, { ...query, done: flashCode(outcome) }));
}

interface Return {
  readonly to: string;
  /** What the page showed: its search, its place in a list. */
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly outcome: Outcome;
}

type Framed = Pick<Page, 'title' | 'section' | 'search'>;

function layoutOf(req: Request, page: Framed, counts: Counts | undefined): object {
  const visit = visitOf(req);
  const { url, query, actor } = visit;
  const mayLook = visit.rights.has('view');
  return {
    t,
    url,
    title: page.title,
    may: may(visit),
    actor: actor === ACTOR ? undefined : actor,
    isReadOnly: !rights.some((right) => !right.startsWith('view') && visit.rights.has(right)),
    theme: themeOf(req),
    navigation: mayLook
      ? navigation({ url, rights: visit.rights, section: page.section, counts })
      : undefined,
    search: mayLook ? (page.search ?? searchAnywhere(url)) : undefined,
    flash: flashOf(query.get('done')),
  };
}

function may({ rights: own }: Visit): Readonly<Record<Right, boolean>> {
  // fromEntries forgets the names of the keys; they are exactly the rights.
  return Object.fromEntries(rights.map((right) => [right, own.has(right)])) as Record<Right, boolean>;
}
