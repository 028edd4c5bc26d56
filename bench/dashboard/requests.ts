import type pg from 'pg';
import { states } from '../../src/job/state.js';
import { samples } from './samples.js';
import { searches } from './searches.js';

/** Something that an operator looks at. */
export interface Request {
  readonly title: string;
  /** Inside the dashboard. */
  readonly path: string;
}

/** Every page, every list in both orders and deep inside, and every kind of filter. */
export async function requests(client: pg.Client): Promise<readonly Request[]> {
  const { ids, places } = await samples(client);
  const paths = [
    ...pages,
    ...['', 'n', 'name:se', 'queue:', 'tag:ten', 'server:w', 'recurring:recurring-00'].map((q) =>
      pathOf('/completions', { q }),
    ),
    ...['jobs', ...states].flatMap((list) => [
      `/${list}`,
      `/${list}?order=reversed`,
      `/${list}?size=200`,
      ...(places.get(list) ?? []).map((place) => pathOf(`/${list}`, { place })),
    ]),
    ...searches.flatMap(({ list, texts }) => texts.map((q) => pathOf(`/${list}`, { q }))),
    ...previews.map(({ path, q }) => pathOf(path, { q })),
  ];
  return [
    ...paths.map((path) => ({ path, title: decodeURIComponent(path).replaceAll('+', ' ') })),
    ...[...ids].map(([state, id]) => ({ path: `/${id}`, title: `the page of a job that is ${state}` })),
  ];
}

function pathOf(path: string, query: Readonly<Record<string, string>>): string {
  return `${path}?${new URLSearchParams(query).toString()}`;
}

const pages = [
  '/',
  '/?period=week',
  '/?period=month',
  '/queues',
  '/servers',
  '/recurring',
  '/recurring/job?id=recurring-0007',
  '/audit',
  '/audit?by=ann',
  '/audit?by=nobody',
  '/audit?before=1000',
  '/bulk/1',
  '/dead/groups',
];

const previews = [
  { path: '/dead/all/retry', q: '' },
  { path: '/dead/all/retry', q: 'name:send-report' },
  { path: '/dead/all/delete', q: 'error:postcode -tag:vip' },
  { path: '/dead/all/retry', q: 'args.userId:42' },
  { path: '/succeeded/all/requeue', q: '' },
  { path: '/succeeded/all/requeue', q: 'tag:vip' },
  { path: '/succeeded/all/requeue', q: 'name:nothing' },
  { path: '/failed/all/retry', q: 'queue:emails after:2d' },
  { path: '/enqueued/all/delete', q: 'queue:archive' },
  { path: '/scheduled/all/delete', q: 'name:sync-*' },
];
