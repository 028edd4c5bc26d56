import type { IncomingMessage } from 'node:http';

const COOKIE = /(?:^|;\s*)firelock-theme=(light|dark)(?:;|$)/;

/** What the reader has chosen by the switch; undefined: as their system has it. A cookie, so that no page flashes in the wrong one. */
export function themeOf({ headers }: IncomingMessage): string | undefined {
  return COOKIE.exec(headers.cookie ?? '')?.[1];
}
