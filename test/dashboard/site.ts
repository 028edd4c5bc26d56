import express, { type ErrorRequestHandler, type Express } from 'express';
import request, { type Test } from 'supertest';
import { onTestFinished } from 'vitest';
import type { DashboardOptions } from '../../src/dashboard/options.js';
import type { Firelock } from '../../src/firelock.js';
import { freshDatabase } from '../database.js';
import { openFirelock } from '../firelock.js';

/** An installation, and its dashboard mounted under /jobs of an app. */
export interface Site {
  readonly firelock: Firelock;
  readonly app: Express;
  get(path: string): Test;
  /** What a button of our own page sends. */
  post(path: string, fields?: Fields): Test;
  /** The page as text; fails unless it is one. */
  page(path: string): Promise<string>;
}

export type Fields = Readonly<Record<string, string | readonly string[]>>;

export function openSite(connectionString: string, options?: DashboardOptions): Site {
  const firelock = openFirelock(connectionString);
  const app = express();
  app.use('/jobs', firelock.dashboard(options));
  return { firelock, ...visitor(app) };
}

/** With an empty database of its own. */
export async function openEmptySite(options?: DashboardOptions): Promise<Site> {
  const database = await freshDatabase();
  onTestFinished(() => database.drop());
  return openSite(database.connectionString, options);
}

export function visitor(app: Express): Pick<Site, 'app' | 'get' | 'post' | 'page'> {
  const get = (path: string) => request(app).get(`/jobs${path}`);
  return {
    app,
    get,
    post: (path, fields = {}) =>
      request(app).post(`/jobs${path}`).set('Sec-Fetch-Site', 'same-origin').type('form').send(fields),
    page: async (path) => {
      const { text } = await get(path).expect(200).expect('Content-Type', 'text/html; charset=utf-8');
      return text;
    },
  };
}

/** Gives the host app an error handler that answers 500; answers the errors that come to it. */
export function hearErrors(app: Express): readonly unknown[] {
  const heard: unknown[] = [];
  // oxlint-disable-next-line max-params -- Express knows an error handler by its four parameters
  const handler: ErrorRequestHandler = (error, _req, res, _next) => {
    heard.push(error);
    res.status(500).send('the host app is sorry');
  };
  app.use(handler);
  return heard;
}

/** The ids of the jobs that a list shows, in its order. */
export function listedIds(html: string): readonly string[] {
  return [...html.matchAll(/<th scope="row"><a href="\/jobs\/(\d+)">/g)].map(([, id = '']) => id);
}

/** The labels of the buttons in the page's forms that post: neither those of the search nor those of the frame. */
export function buttonsOn(html: string): readonly string[] {
  const forms = [...html.matchAll(/<form method="post".*?<\/form>/gs)].join('');
  return [...forms.matchAll(/<button[^>]*>([^<]*)/g)].map(([, label = '']) => label);
}

/** The message after an act, or undefined. */
export function flashOn(html: string): string | undefined {
  return /role="status">([^<]*)</.exec(html)?.[1];
}
