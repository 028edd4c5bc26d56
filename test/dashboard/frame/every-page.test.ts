import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fileConnection, fileDatabase } from '../../database.js';
import { createFirelock } from '../../../src/firelock.js';
import { silent } from '../../firelock.js';
import { dump, type Furniture, furnish, SECRET } from '../furniture.js';
import { type Asked, requestsOf } from '../requests.js';
import { routesOf } from '../routes.js';
import { siteOf } from '../site.js';

const url = await fileDatabase();
const client = await fileConnection(url);

/** Harmless only where every character that means something in HTML is escaped, in text, in attributes and in addresses. */
const hostile = `"'><img src=x onerror=alert(1)></textarea><script>alert(2)</script><%= 7001*7 %> javascript:alert(3)`;
const traces = ['<img src=x', '<script>alert', '</textarea><', `"'>`, `&quot;'>`];

/** What stands in a column is hostile text; what must be something else to be read is as it was. */
const poison: readonly string[] = [
  `update firelock.jobs set name = $1, queue = $1, tags = array[$1], recurring_job_id = $1,
     last_error = $1 || ': ' || $1, args = jsonb_build_object($1::text, $1::text), result = jsonb_build_object($1::text, $1::text)`,
  `insert into firelock.job_tags select $1, id from firelock.jobs`,
  `insert into firelock.transitions (job_id, from_state, to_state, attempt, server_id, error, acted_by, reason, started_at)
     select id, 'processing', 'failed', 1, 1, jsonb_build_object('name', $1::text, 'message', $1::text, 'code', $1::text,
       'stack', $1::text, 'cause', jsonb_build_object('name', $1::text, 'message', $1::text, 'stack', E'x\\n    at ' || $1)),
       null, null, now() from firelock.jobs
     union all
     select id, 'processing', 'enqueued', 1, 1, null, $1, $1, now() from firelock.jobs`,
  `update firelock.servers set name = $1, version = $1, asked_by = $1, queues = jsonb_build_object($1::text, 3), job_names = jsonb_build_array($1::text)`,
  `update firelock.queue_pauses set queue = $1, paused_by = $1, reason = $1`,
  `insert into firelock.job_logs (job_id, attempt, number, at, lines)
     select id, attempt, 7, now(), jsonb_build_array(jsonb_build_array(0, 'info', $1::text, jsonb_build_object($1::text, $1::text)))::text
     from firelock.jobs`,
  `insert into firelock.progress_bars (job_id, attempt, name, percent) select id, attempt, $1, 50 from firelock.jobs`,
  `insert into firelock.statistics (span, at, queue, name, succeeded, failed, dead, waits, runs)
     select span, date_trunc(case span when '10s' then 'minute' else span end, now()), $1, $1, 3, 2, 1, '{}', '{}'
     from unnest(array['10s', 'minute', 'hour', 'day']) as span`,
  `insert into firelock.audit_log (acted_by, act, subject, target, reason, before, after)
     select $1, $1, subject, case subject when 'job' then '1' else $1 end, $1,
       jsonb_build_object($1::text, $1::text), jsonb_build_object('args', $1::text)
     from unnest(array['job', 'jobs', 'queue', 'recurring job', 'calendar', 'server']) as subject`,
  `insert into firelock.audit_log (acted_by, act, subject, target, reason, before, after)
     select $1, 'change', 'job', id::text, $1, jsonb_build_object($1::text, 1), jsonb_build_object($1::text, $1::text) from firelock.jobs`,
  `update firelock.bulk_acts set acted_by = $1, reason = $1, error = $1, query = $1, ended_at = now(), ending = 'failed'`,
  `update firelock.recurring_jobs set id = $1, name = $1, args = jsonb_build_object($1::text, $1::text), queue = $1,
     override_queue = $1, override_args = jsonb_build_object($1::text, $1::text), overridden_by = $1, override_reason = $1,
     paused_by = $1, pause_reason = $1, defined_by = $1, schedule = $1, override_schedule = $1, calendars = array[$1],
     error = jsonb_build_object('name', $1::text, 'message', $1::text), failed_at = now()`,
  `insert into firelock.recurring_runs (recurring_job_id, number, kind, occurrence, job_id, acted_by, reason)
     select $1, 99, 'by hand', now(), 1, $1, $1`,
];

const firelock = createFirelock({ connectionString: url, logger: silent });
afterAll(() => firelock.close());
let furniture: Furniture;

beforeAll(async () => {
  furniture = await furnish(firelock, client);
  for (const statement of poison) await poisoned(statement);
});

function poisoned(statement: string): Promise<pg.QueryResult> {
  return client.query(statement.replaceAll('$1', `${client.escapeLiteral(hostile)}::text`));
}

const pages = routesOf(firelock.dashboard()).filter(
  ({ method, path }) => method === 'GET' && !path.startsWith('/public/'),
);

async function pageOf(path: string): Promise<string> {
  const { id = '', fields = {} } = hostileOf(requestsOf(furniture)[`GET ${path}`] ?? {});
  const { text } = await siteOf(firelock).get(path.replace(':id', id)).query(fields).expect(200);
  return text;
}

/** What an address carries is hostile, too, but for ids of jobs and servers: there would be no page. */
function hostileOf({ fields = {}, ...asked }: Asked): Asked {
  const isKept = ([name, value]: readonly [string, unknown]) => name === 'id' && value !== SECRET;
  const entries = Object.entries(fields).map((entry) => (isKept(entry) ? entry : [entry[0], hostile]));
  return { ...asked, fields: Object.fromEntries(entries) };
}

const isHtml = ({ path }: { readonly path: string }) =>
  !/^\/(?:completions|:id\/(?:args|result)|api\/.*)$/.test(path);
const htmlPages = pages.filter(isHtml).map(({ path }) => [path] as const);

test.each(htmlPages)('%s shows hostile values as text', async (path) => {
  const html = await pageOf(path);
  for (const trace of traces) expect(html).not.toContain(trace);
  expect(html).not.toMatch(/\b(?:href|action|formaction|src)="(?!\/jobs\/|#)/);
  expect(html).not.toContain('49007');
});

test.each(htmlPages)('%s has no script, no style and no handler of its own', async (path) => {
  const html = await pageOf(path);
  expect(html.match(/<script[^>]*>[^<]*/g)).toEqual([
    '<script type="module" src="/jobs/public/dashboard.js">',
  ]);
  const tags = [...html.matchAll(/<[a-z][^>]*>/g)].join('');
  expect(tags.replaceAll(/"[^"]*"/g, '""')).not.toMatch(/<style|\sstyle=|\son\w+=/);
});

test('the hostile values are on every page', async () => {
  const shown = '&#34;&#39;&gt;&lt;img src=x onerror=alert(1)&gt;';
  const without: string[] = [];
  for (const [path] of htmlPages) if (!(await pageOf(path)).includes(shown)) without.push(path);
  expect(without).toEqual([]);
});

test.each(pages.filter((page) => !isHtml(page)).map(({ path }) => [path] as const))(
  '%s answers JSON, which no browser takes for a page',
  async (path) => {
    const { id = '', fields = {} } = requestsOf(furniture)[`GET ${path}`] ?? {};
    const query = Object.fromEntries(
      Object.entries(fields).map(([name, value]) => [name, value === SECRET ? hostile : value]),
    );
    const { headers } = await siteOf(firelock).get(path.replace(':id', id)).query(query);
    expect(headers['content-type']).toBe('application/json; charset=utf-8');
    expect(headers['x-content-type-options']).toBe('nosniff');
  },
);

test('no page tells how the database is reached', async () => {
  const { password, username, host, pathname } = new URL(url);
  const secrets = [url, password, pathname.slice(1), host].filter(
    (secret) => secret !== '' && secret !== username,
  );
  const texts = [
    ...(await Promise.all(htmlPages.map(([path]) => pageOf(path)))),
    JSON.stringify(await dump(client)),
  ];
  expect(secrets.filter((secret) => texts.some((text) => text.includes(secret)))).toEqual([]);
});
