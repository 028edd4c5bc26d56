import { type Kysely, type Selectable, sql } from 'kysely';
import { type Priority, priorityOfRank } from '../job/priority.js';
import type { State } from '../job/state.js';
import { idOf, instant } from './normalised.js';
import type { Tables } from './tables.js';

/** What a list shows of a job: never the whole of its args, and not its result. */
export interface JobSummary {
  readonly id: string;
  readonly name: string;
  readonly queue: string;
  readonly state: State;
  readonly priority: Priority;
  readonly attempt: number;
  readonly attemptLimit: number;
  /** How often a server was lost while it ran the job. */
  readonly recoveries: number;
  readonly tags: readonly string[];
  readonly recurringJobId: string | undefined;
  /** The first characters of the args' JSON. */
  readonly argsPreview: string;
  readonly runAt: Date | undefined;
  readonly createdAt: Date;
  readonly startedAt: Date | undefined;
  readonly finishedAt: Date | undefined;
  readonly serverId: string | undefined;
  /** The beginning of the error of its latest attempt. */
  readonly error: ErrorSummary | undefined;
}

/** The beginning of an error. */
interface ErrorSummary {
  readonly name: string;
  readonly message: string;
}

const columns = [
  'id',
  'name',
  'queue',
  'state',
  'priority',
  'attempt',
  'attemptLimit',
  'recoveries',
  'tags',
  'recurringJobId',
  'runAt',
  'createdAt',
  'startedAt',
  'finishedAt',
  'serverId',
  'lastError',
] as const;

/** The jobs in the order of the ids; those that are gone are missing. */
export async function jobSummaries(
  kysely: Kysely<Tables>,
  ids: readonly string[],
): Promise<readonly JobSummary[]> {
  if (ids.length === 0) return [];
  const rows = await kysely
    .selectFrom('jobs')
    .select(columns)
    .select(sql<string>`left(args::text, 160)`.as('argsPreview'))
    .where('id', 'in', ids)
    .execute();
  const byId = new Map(rows.map((row) => [idOf(row.id), toSummary(row)]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

type SummaryRow = Pick<Selectable<Tables['jobs']>, (typeof columns)[number]> & {
  readonly argsPreview: string;
};

function toSummary({ lastError, ...row }: SummaryRow): JobSummary {
  return {
    ...row,
    id: idOf(row.id),
    priority: priorityOfRank(row.priority),
    tags: row.tags ?? [],
    recurringJobId: row.recurringJobId ?? undefined,
    createdAt: instant(row.createdAt),
    runAt: instant(row.runAt),
    startedAt: instant(row.startedAt),
    finishedAt: instant(row.finishedAt),
    serverId: idOf(row.serverId),
    error: lastError === null ? undefined : errorSummary(lastError),
  };
}

/** `Name: message`, as it is written. */
function errorSummary(text: string): ErrorSummary {
  const colon = text.indexOf(': ');
  return colon === -1
    ? { name: 'Error', message: text }
    : { name: text.slice(0, colon), message: text.slice(colon + 2) };
}
