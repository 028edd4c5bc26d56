import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';
import { forbidden } from './page-error.js';

/**
 * Refuses what another site makes a visitor's browser send. Browsers say where a request comes from, and no page can make
 * them say otherwise, so that no session and no token is needed. What says nothing is refused, too.
 */
export const requireSameOrigin: RequestHandler = (req, _res, next) => {
  if (req.method !== 'GET' && req.method !== 'HEAD' && !isSameOrigin(req)) {
    throw forbidden(
      'This request came from elsewhere',
      "Acts are accepted from the dashboard's own pages only: nothing was changed. Open the page again and repeat it there.",
    );
  }
  next();
};

function isSameOrigin({ headers }: IncomingMessage): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  // Older browsers, and newer ones on plain http: not the scheme, which behind a proxy that ends TLS is another one.
  return headers.origin !== undefined && hostOf(headers.origin) === headers.host?.toLowerCase();
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
