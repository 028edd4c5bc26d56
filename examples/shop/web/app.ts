import { stringify } from 'node:querystring';
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
  const placing = async (form: unknown) => ({ placed: await placeOrder(shop, checkoutSchema.parse(form)) });
  const registering = async (form: unknown) => ({
    registered: await register(shop, registrationSchema.parse(form)),
  });
  const app = express();
  app.use('/jobs', shop.firelock.dashboard());
  app.use(express.static(publicFolder), express.json(), express.urlencoded({ extended: false }));
  app.get('/', (request, response) => showShop(shop, response, noticeOf(request.query)));
  app.post('/checkout', answering(shop, placing));
  app.post('/register', answering(shop, registering));
  return app;
}

/** Answers programs with JSON. People are led back to the shop, and there they read what was refused and why. */
function answering(shop: Shop, act: (form: unknown) => Promise<Record<string, number>>): RequestHandler {
  return async (request, response) => {
    const wantsJson = request.accepts(['html', 'json']) === 'json';
    try {
      const done = await act(request.body);
      if (wantsJson) response.status(201).json(done);
      else response.redirect(303, `/?${stringify(done)}`);
    } catch (error) {
      const { status, reason } = refusal(error);
      response.status(status);
      if (wantsJson) response.json({ refused: reason });
      else await showShop(shop, response, reason);
    }
  };
}

/** What the customer is told; an error that is not theirs goes on to Express, which answers 500. */
function refusal(error: unknown): { readonly status: number; readonly reason: string } {
  if (error instanceof RefusedError) return { status: 409, reason: error.message };
  if (error instanceof z.ZodError) return { status: 400, reason: z.prettifyError(error) };
  throw error;
}

async function showShop({ pool }: Shop, response: Response, notice: string | undefined): Promise<void> {
  response.type('html').send(shopPage(await readOverview(pool), notice));
}

function noticeOf({ placed, registered }: Request['query']): string | undefined {
  if (typeof placed === 'string') return `Order ${placed} is placed. Its three mails are on their way.`;
  if (typeof registered === 'string')
    return 'You are registered. A welcome mail is on its way, tips come in a minute.';
  return undefined;
}
