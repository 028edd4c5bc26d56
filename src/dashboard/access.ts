import type { Request, RequestHandler } from 'express';
import { signOfRemote } from './local-request.js';
import type { Authorization, Authorize } from './options.js';
import { type PageError, forbidden } from './page-error.js';
import { type Access, openVisit, visitOf } from './visit.js';

/** Finds out what each visitor may do. What `authorize` throws goes to the host app: nothing is opened. */
export function admission(authorize: Authorize | undefined): RequestHandler {
  return async (req, _res, next) => {
    openVisit(req, authorize === undefined ? accessOfLocals(req) : accessBy(await authorize(req)));
    next();
  };
}

/** Lets in those who may look, and lets nothing be changed by those who may not act. */
export const requireAccess: RequestHandler = (req, _res, next) => {
  const { access } = visitOf(req);
  if (access.level === 'none') throw refusal(access.signOfRemote);
  if (access.level === 'read' && req.method !== 'GET' && req.method !== 'HEAD') throw readOnly();
  next();
};

/** For pages that only lead to an act. */
export function ensureMayAct(req: Request): void {
  if (visitOf(req).access.level !== 'act') throw readOnly();
}

function accessOfLocals(req: Request): Access {
  const sign = signOfRemote(req);
  return sign === undefined ? { level: 'act' } : { level: 'none', signOfRemote: sign };
}

function accessBy(answer: Authorization): Access {
  if (answer === true) return { level: 'act' };
  if (answer === 'read-only') return { level: 'read' };
  return { level: 'none', signOfRemote: undefined };
}

function refusal(sign: string | undefined): PageError {
  if (sign === undefined) {
    return forbidden(
      'You may not see this dashboard',
      'The app that it belongs to did not authorize this request.',
    );
  }
  return forbidden(
    'This dashboard answers local requests only',
    `This request is not certainly a local one: ${sign}. To open the dashboard to others, say who they are:`,
    "app.use('/jobs', firelock.dashboard({\n  authorize: (req) => req.user?.isAdmin === true, // or 'read-only'\n}));",
  );
}

function readOnly(): PageError {
  return forbidden('You may look, but not act', 'This dashboard is read-only for you: nothing was changed.');
}
