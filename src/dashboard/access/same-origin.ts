import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';
import { english as t } from '../english.js';
import { forbidden } from '../frame/page-error.js';

/**
 * Refuses what another site makes a visitor's browser send. Browsers say where a request comes from, and no page can make
 * them say otherwise, so that no session and no token is needed. What says nothing is refused, too: a script says it itself.
 */
export function requireSameOrigin(trustedOrigins: readonly string[]): RequestHandler {
  return (req, _res, next) => {
    if (req.method !== 'GET' && req.method !== 'HEAD' && !isSameOrigin(req, trustedOrigins))
      throw forbidden(t.refused.elsewhere.title, t.refused.elsewhere.advice);
    next();
  };
}

function isSameOrigin({ headers }: IncomingMessage, trustedOrigins: readonly string[]): boolean {
  if (headers.origin !== undefined && trustedOrigins.includes(headers.origin)) return true;
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  // Older browsers, and newer ones on plain http: not the scheme, which behind a proxy that ends TLS is another one.
  return headers.origin !== undefined && hostOf(headers.origin) === headers.host?.toLowerCase();
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}
