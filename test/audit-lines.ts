import type pg from 'pg';

/** Who, act, subject, target, reason, before, after. */
export type AuditLine = readonly [string, string, string, string, string | null, unknown, unknown];

/** The audit log, oldest first. */
export async function auditLines(client: pg.Client): Promise<readonly AuditLine[]> {
  const { rows } = await client.query<{ line: AuditLine }>(
    `select jsonb_build_array(acted_by, act, subject, target, reason, before, after) as line
     from firelock.audit_log order by id`,
  );
  return rows.map(({ line }) => line);
}
