import type { Request, RequestHandler } from 'express';
import type { Logger } from '../../job/context.js';
import { english as t } from '../english.js';
import { forbidden, type PageError } from '../frame/page-error.js';
import type { Authorize, CheckedDashboardOptions } from '../options.js';
import { ACTOR, admissionBy } from './authorization.js';
import { signOfRemote } from './local-request.js';
import { allRights, noRights, type Right } from './rights.js';
import { type Access, openVisit, visitOf } from './visit.js';

/** Finds out who each visitor is and what they may. What `authorize` throws goes to the host app: nothing is opened. */
export function admission(
  { authorize, basePath }: Pick<CheckedDashboardOptions, 'authorize' | 'basePath'>,
  logger: Logger,
): RequestHandler {
  return async (req, _res, next) => {
    const access = authorize === undefined ? accessOfLocals(req) : await accessBy(authorize, req, logger);
    openVisit(req, access, basePath);
    next();
  };
}

/** Lets in those who may look. */
export const requireView: RequestHandler = (req, _res, next) => {
  const { rights, signOfRemote } = visitOf(req);
  if (!rights.has('view')) throw refusal(signOfRemote);
  next();
};

/** Guards a route: each one that changes something, and each page that only leads to an act, names its right. */
export function requires(right: Right): RequestHandler {
  return (req, _res, next) => {
    if (!visitOf(req).rights.has(right))
      throw forbidden(t.refused.right.title, t.refused.right.advice(right));
    next();
  };
}

function accessOfLocals(req: Request): Access {
  const sign = signOfRemote(req);
  return { rights: sign === undefined ? allRights : noRights, actor: ACTOR, signOfRemote: sign };
}

async function accessBy(authorize: Authorize, req: Request, logger: Logger): Promise<Access> {
  const { problem, ...access } = admissionBy(await authorize(req));
  if (problem !== undefined)
    logger.error({ problem }, "what the dashboard's authorize answered opens nothing");
  return access;
}

function refusal(sign: string | undefined): PageError {
  if (sign === undefined) return forbidden(t.refused.visitor.title, t.refused.visitor.advice);
  const { title, advice, example } = t.refused.remote;
  return forbidden(title, advice(sign), example);
}
