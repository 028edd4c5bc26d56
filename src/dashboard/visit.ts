import type { Request } from 'express';
import { type Url, urlUnder } from './url.js';

/** What a visitor may do: nothing (with the reason, if it is that the request is not local); look; or look and act. */
export type Access =
  | { readonly level: 'none'; readonly signOfRemote: string | undefined }
  | { readonly level: 'read' }
  | { readonly level: 'act' };

/** What the dashboard knows of a request. */
export interface Visit {
  readonly access: Access;
  /** Links to this dashboard's pages, wherever it is mounted. */
  readonly url: Url;
  /** Read here, because `req.query` depends on the settings of the host app. */
  readonly query: URLSearchParams;
}

// Not in res.locals, which the host app may use under any name.
const visits = new WeakMap<Request, Visit>();

/** To be called where `req.baseUrl` is still the dashboard's own mount path. */
export function openVisit(req: Request, access: Access): void {
  const mark = req.url.indexOf('?');
  const query = new URLSearchParams(mark === -1 ? '' : req.url.slice(mark));
  visits.set(req, { access, url: urlUnder(req.baseUrl), query });
}

export function visitOf(req: Request): Visit {
  const visit = visits.get(req);
  if (visit === undefined) throw new TypeError('The dashboard answered a request that it had not admitted.');
  return visit;
}
