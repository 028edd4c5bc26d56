import { type Kysely, sql } from 'kysely';
import type { AuditEntry, AuditSubject } from '../job/audit.js';
import { idOf, instant } from './normalised.js';
import type { Executor, Statement } from './statement.js';
import type { Tables } from './tables.js';

/** An act as it is to be recorded, in the transaction that carries it out. */
export interface RecordedAct {
  readonly by?: string | undefined;
  readonly act: string;
  readonly subject: AuditSubject;
  readonly target: string;
  readonly reason?: string | undefined;
  /** What the act replaced, and by what: anything that JSON can say. */
  readonly before?: unknown;
  readonly after?: unknown;
}

/** I12: writes an act into the audit log, if it names who acts: what a program does by itself is told by the history of its jobs. */
export async function recordAct(executor: Executor, act: RecordedAct): Promise<void> {
  if (act.by === undefined) return;
  const { by, reason = null, subject, target, before = null, after = null } = act;
  const json = [before, after].map((value) => (value === null ? null : JSON.stringify(value)));
  await executor.run(recordStatement, [by, act.act, subject, target, reason, ...json]);
}

const recordStatement: Statement = {
  name: 'record-act',
  text: `
    insert into firelock.audit_log (acted_by, act, subject, target, reason, before, after)
    values ($1, $2, $3, $4, $5, $6::jsonb, $7::jsonb)`,
};

/** Removes lines that are older than this, the oldest first, at most so many; answers how many. */
export async function expireAuditLog(
  executor: Executor,
  { retentionMs, limit }: { readonly retentionMs: number; readonly limit: number },
): Promise<number> {
  return (await executor.run(expireStatement, [retentionMs, limit])).length;
}

/** Ids grow with time: looking at the oldest lines alone costs the same however long the log is. */
const expireStatement: Statement = {
  name: 'expire-audit-log',
  text: `
    delete from firelock.audit_log
    where id = any (array(select id from firelock.audit_log order by id limit $2))
      and at < now() - $1::double precision * interval '1 millisecond'
    returning id`,
};

export interface AuditQuery {
  readonly limit: number;
  /** Only entries older than this one: the `next` of the page before. */
  readonly before?: string | undefined;
  readonly by?: string | undefined;
  readonly on?: { readonly subject: AuditSubject; readonly target: string } | undefined;
}

export interface AuditPage {
  readonly entries: readonly AuditEntry[];
  /** Undefined on the last page. */
  readonly next: string | undefined;
}

/** What people have done, the latest first. */
export async function listAuditLog(kysely: Kysely<Tables>, query: AuditQuery): Promise<AuditPage> {
  const { limit, before, by, on } = query;
  let select = kysely
    .selectFrom('auditLog')
    .selectAll()
    .orderBy('id', 'desc')
    .limit(limit + 1);
  if (before !== undefined) select = select.where('id', '<', before);
  if (by !== undefined) select = select.where('actedBy', '=', by);
  if (on !== undefined)
    select = select.where('subject', '=', sql.lit(on.subject)).where('target', '=', on.target);
  const rows = await select.execute();
  const entries = rows.slice(0, limit).map(({ id, at, actedBy, reason, before, after, ...row }) => ({
    ...row,
    id: idOf(id),
    at: instant(at),
    by: actedBy,
    reason: reason ?? undefined,
    before: before ?? undefined,
    after: after ?? undefined,
  }));
  return { entries, next: rows.length > limit ? entries.at(-1)?.id : undefined };
}
