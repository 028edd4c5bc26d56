import { expressionBuilder, type RawBuilder, sql } from 'kysely';
import { jsonOf } from '../search/args-match.js';
import type {
  ArgsCondition,
  Condition,
  Pattern,
  PatternCondition,
  Search,
  TimeCondition,
} from '../search/search.js';
import { priorityRank } from '../job/priority.js';
import { instantOf } from '../search/moment.js';
import { type JobList, timeOf } from './job-order.js';
import type { Tables } from './tables.js';

type Test = RawBuilder<boolean>;

export interface FilterOptions {
  readonly list: Pick<JobList, 'state'>;
  /** What times ago are seen from. */
  readonly now: Date;
  /** The conditions that Postgres is to decide. */
  readonly decides: (condition: Condition) => boolean;
}

/** Whether a row of `jobs as job` fits a search; never null. */
export function filterOf({ conditions }: Search, { list, now, decides }: FilterOptions): Test {
  const tests = conditions
    .filter(decides)
    .map((condition) => ('moment' in condition ? timeTest(condition, { list, now }) : choiceTest(condition)));
  return tests.length === 0 ? sql<boolean>`true` : sql<boolean>`(${sql.join(tests, sql` and `)})`;
}

/** The bound of time as a test of the list's own time column. */
export function timeTest(
  { on, moment }: TimeCondition,
  { list, now }: Pick<FilterOptions, 'list' | 'now'>,
): Test {
  const column = sql.ref(`job.${timeOf(list)}`);
  return sql<boolean>`${column} ${sql.raw(on === 'after' ? '>=' : '<')} ${instantOf(moment, now)}::timestamptz`;
}

/** Null is no: what is not there is not what was asked for. */
function choiceTest(condition: Exclude<Condition, TimeCondition>): Test {
  return sql<boolean>`(${anyOf(condition)}) is ${sql.raw(condition.isNegated ? 'not true' : 'true')}`;
}

function anyOf(condition: Exclude<Condition, TimeCondition>): Test {
  switch (condition.on) {
    case 'id':
      return sql`job.id = any(${[...condition.values]}::bigint[])`;
    case 'state':
      return sql`job.state = any(${[...condition.values]}::text[])`;
    case 'priority':
      return sql`job.priority = any(${condition.values.map(priorityRank)}::smallint[])`;
    case 'args':
      return argsTest(condition);
    case 'name':
    case 'queue':
    case 'tag':
    case 'server':
    case 'recurring':
    case 'error':
    case 'text':
      return sql`(${sql.join(
        condition.values.map((pieces) => patternTest(condition.on, pieces)),
        sql` or `,
      )})`;
  }
}

function argsTest({ path, values }: ArgsCondition): Test {
  return sql`job.args #> ${[...path]}::text[] = any(${values.flatMap(jsonOf)}::text[]::jsonb[])`;
}

function patternTest(on: PatternCondition['on'], pieces: Pattern): Test {
  switch (on) {
    case 'name':
      return fits(sql`job.name`, pieces);
    case 'queue':
      return fits(sql`job.queue`, pieces);
    case 'recurring':
      return fits(sql`job.recurring_job_id`, pieces);
    case 'tag':
      return pieces.length === 1
        ? sql`${pieces[0]} = any(job.tags)`
        : sql`exists (select from unnest(job.tags) as tag where ${fits(sql`tag`, pieces)})`;
    case 'server':
      return serverTest(pieces);
    case 'error':
      return occursIn(sql`job.last_error`, pieces);
    case 'text':
      return sql`(${occursIn(sql`job.name`, pieces)} or ${occursIn(sql`job.last_error`, pieces)})`;
  }
}

/** Servers are few: those of a name are found once, not for each job. */
function serverTest(pieces: Pattern): Test {
  const servers = expressionBuilder<Tables>()
    .selectFrom('servers')
    .select('servers.id')
    .where(fits(sql.ref('servers.name'), pieces));
  const [id = ''] = pieces;
  const isId = pieces.length === 1 && /^\d{1,18}$/.test(id);
  return isId
    ? sql`(job.server_id = ${id}::bigint or job.server_id in ${servers})`
    : sql`job.server_id in ${servers}`;
}

function fits(column: RawBuilder<unknown>, pieces: Pattern): Test {
  return pieces.length === 1 ? sql`${column} = ${pieces[0]}` : sql`${column} like ${likePattern(pieces)}`;
}

function occursIn(column: RawBuilder<unknown>, pieces: Pattern): Test {
  return sql`${column} ilike ${`%${likePattern(pieces)}%`}`;
}

function likePattern(pieces: Pattern): string {
  return pieces.map((piece) => piece.replaceAll(/[\\%_]/g, String.raw`\$&`)).join('%');
}
