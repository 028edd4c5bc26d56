import { once } from 'node:events';
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import { type Credentials, isAuthorized } from './basic-auth.js';
import { explain } from './explanation.js';

/** What an express app or a handler of `firelock.dashboard()` is to `node:http`. */
type Handler = (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => void;

export interface WebsiteOptions {
  readonly handler: Handler;
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** Asked of every request; undefined: the handler alone decides who may enter. */
  readonly credentials: Credentials | undefined;
}

export interface Website {
  readonly url: string;
  /** Lets answers that are under way end, for 2 s, or until it is hurried. */
  close(hurry: Promise<unknown>): Promise<void>;
}

const CLOSE_LIMIT_MS = 2000;

/** Serves the handler, and nothing else, at its root. */
export async function openWebsite({ handler, host, port, credentials }: WebsiteOptions): Promise<Website> {
  const server = createServer((request, response) => {
    if (credentials !== undefined && !isAuthorized(request.headers.authorization, credentials)) {
      return answer(response, UNAUTHORIZED);
    }
    return handler(request, response, (error) => answer(response, leftOver(error)));
  });
  server.listen(port, host);
  await once(server, 'listening');
  return { url: urlOf(server, host), close: (hurry) => closed(server, hurry) };
}

export function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i.test(host);
}

interface Answer {
  readonly code: number;
  readonly text: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const UNAUTHORIZED: Answer = {
  code: 401,
  text: 'Authentication is required.',
  headers: { 'www-authenticate': 'Basic realm="Firelock", charset="UTF-8"' },
};

function leftOver(error: unknown): Answer {
  if (error === undefined || error === null) return { code: 404, text: 'There is no such page.' };
  console.error(explain(error) ?? error);
  return { code: 500, text: 'The page failed; the console says why.' };
}

function answer(response: ServerResponse, { code, text, headers }: Answer): void {
  if (response.headersSent) response.destroy();
  else response.writeHead(code, { 'content-type': 'text/plain; charset=utf-8', ...headers }).end(`${text}\n`);
}

function urlOf(server: Server, host: string): string {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : '';
  return `http://${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${port}/`;
}

/** Answers that are under way get their time; browsers keep connections open for longer. */
async function closed(server: Server, hurry: Promise<unknown>): Promise<void> {
  const cutOff = () => server.closeAllConnections();
  const limit = setTimeout(cutOff, CLOSE_LIMIT_MS);
  void hurry.then(cutOff);
  await new Promise((resolve) => server.close(resolve));
  clearTimeout(limit);
}
