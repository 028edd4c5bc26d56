import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import express, { type RequestHandler, Router } from 'express';

const folder = fileURLToPath(new URL('../../../views/public/', import.meta.url));
/** What renews the live parts of a page in the browser, without losing focus and scroll. */
const idiomorph = createRequire(import.meta.url).resolve('idiomorph/dist/idiomorph.esm.js');

/** Style sheet, scripts and the mark: for everybody, because the page that refuses needs them, too. */
export function staticFiles(): RequestHandler {
  // Asked for anew each time and answered by 304: a new release must not meet an old style sheet.
  const options = { index: false as const, redirect: false, maxAge: 0 };
  const router = Router();
  router.get('/idiomorph.js', (_req, res, next) => {
    res.sendFile(idiomorph, { maxAge: 0, dotfiles: 'allow' }, (error) => {
      if (error !== undefined && !res.headersSent) next(error);
    });
  });
  return router.use(express.static(folder, options));
}
