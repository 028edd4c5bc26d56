import { fileURLToPath } from 'node:url';
import express, { type Express, type Request, type RequestHandler, type Response } from 'express';
import { z } from 'zod';
import { checkoutSchema, placeOrder } from '../orders.js';
import { RefusedError } from '../request.js';
import type { Shop } from '../shop.js';
import { register, registrationSchema } from '../users.js';
import { readOverview } from './overview.js';
import { shopPage } from './page.js';

const publicFolder = fileURLToPath(new URL('public', import.meta.url));

/** The shop's web application, with Firelock's dashboard under `/jobs`. */
export function createApp(shop: Shop): Express {
  const app = express();
  app.use('/jobs', shop.firelock.dashboard());
  app.use(express.static(publicFolder), express.json(), express.urlencoded({ extended: false }));

  app.get('/', (request, response) => showShop(shop, response, noticeOf(request.query)));

  app.post(
    '/checkout',
    answering(shop, async (body) => ({ placed: await placeOrder(shop, checkoutSchema.parse(body)) })),
  );
  app.post(
    '/register',
    answering(shop, async (body) => ({ registered: await register(shop, registrationSchema.parse(body)) })),
  );
  return app;
}

/** Answers programs with JSON; people are led back to the shop, and what was refused is told them there. */
function answering(shop: Shop, act: (body: unknown) => Promise<Record<string, number>>): RequestHandler {
  return async (request, response) => {
    try {
      const done = await act(request.body);
      if (wantsJson(request)) response.status(201).json(done);
      else
        response.redirect(
          303,
          `/?${new URLSearchParams(Object.entries(done).map(([key, id]) => [key, String(id)])).toString()}`,
        );
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal === undefined) throw error;
      response.status(refusal.code);
      if (wantsJson(request)) response.json({ refused: refusal.reason });
      else await showShop(shop, response, refusal.reason);
    }
  };
}

function refusalOf(error: unknown): { readonly code: number; readonly reason: string } | undefined {
  if (error instanceof RefusedError) return { code: 409, reason: error.message };
  return error instanceof z.ZodError ? { code: 400, reason: z.prettifyError(error) } : undefined;
}

function wantsJson(request: Request): boolean {
  return request.accepts(['html', 'json']) === 'json';
}

async function showShop({ pool }: Shop, response: Response, notice: string | undefined): Promise<void> {
  response.type('html').send(shopPage(await readOverview(pool), notice));
}

function noticeOf({ placed, registered }: Request['query']): string | undefined {
  if (typeof placed === 'string') return `Order ${placed} is placed. Its three mails are on their way.`;
  return registered === undefined
    ? undefined
    : 'You are registered. A welcome mail is on its way, and tips in a minute.';
}
