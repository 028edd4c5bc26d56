import type { Request } from 'express';
import { type Url, urlUnder } from '../frame/url.js';
import type { Rights } from './rights.js';

/** Who a visitor is, and what they may. */
export interface Access {
  readonly rights: Rights;
  /** Who acts, in the history of a job and in the audit log. */
  readonly actor: string;
  /** Why the request is not certainly a local one, where that is what decides. */
  readonly signOfRemote?: string | undefined;
}

/** What the dashboard knows of a request. */
export interface Visit extends Access {
  /** Links to this dashboard's pages, wherever it is mounted. */
  readonly url: Url;
  /** The path inside the dashboard. */
  readonly path: string;
  /** Read here, because `req.query` depends on the settings of the host app. */
  readonly query: URLSearchParams;
}

// Not in res.locals, which the host app may use under any name.
const visits = new WeakMap<Request, Visit>();

/** To be called where `req.url` is still what the host app left to the dashboard. */
export function openVisit(req: Request, access: Access, basePath: string | undefined): void {
  const { path, query } = partsOf(req.url);
  visits.set(req, { ...access, url: urlUnder(basePath ?? mountPathOf(req)), path, query });
}

export function visitOf(req: Request): Visit {
  const visit = visits.get(req);
  if (visit === undefined) throw new TypeError('The dashboard answered a request that it had not admitted.');
  return visit;
}

/**
 * What the address has before the dashboard's own part. Not `req.baseUrl`: only Express tells it, not the middleware of
 * Fastify, and not where something before it has rewritten the address.
 */
function mountPathOf(req: Request): string {
  const own = partsOf(req.url).path;
  const whole = partsOf(req.originalUrl).path;
  return whole.endsWith(own) ? whole.slice(0, whole.length - own.length) : whole;
}

function partsOf(whole: string): { readonly path: string; readonly query: URLSearchParams } {
  // A client may send the whole address, as to a proxy.
  const address = whole.replace(/^https?:\/\/[^/?#]*/i, '');
  const mark = address.indexOf('?');
  if (mark === -1) return { path: address, query: new URLSearchParams() };
  return { path: address.slice(0, mark), query: new URLSearchParams(address.slice(mark)) };
}
