import type { Express, Router } from 'express';

/** A route of an express app: `POST /:id/retry`. */
export interface Route {
  readonly method: string;
  readonly path: string;
}

/** What Express keeps of its routers, which its types do not tell: the path of a layer, and what handles it. */
interface Layer {
  readonly rawPath: unknown;
  readonly route?: {
    readonly path: unknown;
    readonly methods: Readonly<Record<string, boolean>>;
  };
  readonly handle: { readonly stack?: readonly Layer[] };
}

/** Every route of an app and of the routers in it, however deep. @throws on a path that is not one text */
export function routesOf(app: Express): readonly Route[] {
  // `router` is a Router in Express 5; its types know its stack as functions only.
  return routesIn((app.router as Router).stack as unknown as readonly Layer[], '');
}

function routesIn(stack: readonly Layer[], base: string): readonly Route[] {
  return stack.flatMap(({ rawPath, route, handle }) => {
    if (route === undefined)
      return routesIn(handle.stack ?? [], `${base}${textOf(rawPath)}`.replace(/\/$/, ''));
    const path = `${base}${textOf(route.path)}`;
    return Object.keys(route.methods).map((method) => ({ method: method.toUpperCase(), path }));
  });
}

function textOf(path: unknown): string {
  if (typeof path !== 'string') throw new TypeError(`cannot tell the path of ${JSON.stringify(path)}`);
  return path;
}
