import { fileURLToPath } from 'node:url';
import express, { type RequestHandler } from 'express';

const folder = fileURLToPath(new URL('../../views/public/', import.meta.url));

/** The style sheet, the script and the mark: for everybody, because the page that refuses needs them, too. */
export function staticFiles(): RequestHandler {
  // Asked for anew each time and answered by 304: a new release must not meet an old style sheet.
  return express.static(folder, { index: false, redirect: false, maxAge: 0 });
}
