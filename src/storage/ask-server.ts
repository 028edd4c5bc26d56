import type { Executor, Statement } from './statement.js';

/** What a server may be asked from elsewhere: to claim nothing more, or to stop. */
export type Asked = 'quiet' | 'stop';

/** An act on a running server. */
export interface ServerAct {
  readonly kind: 'quiet' | 'wake' | 'stop';
  /** What may be asked of it when the act is to apply; null: nothing. */
  readonly from: readonly (Asked | null)[];
  readonly to: Asked | null;
}

/** Claim nothing more, and finish what runs. */
export const quiet: ServerAct = { kind: 'quiet', from: [null, 'quiet'], to: 'quiet' };

/** Take jobs again; one that was asked to stop does not come back from that. */
export const wake: ServerAct = { kind: 'wake', from: ['quiet'], to: null };

export const stop: ServerAct = { kind: 'stop', from: [null, 'quiet', 'stop'], to: 'stop' };

/** Writes down what is asked of a server. Answers what was asked before, or undefined if the act does not apply. */
export async function askServer(
  executor: Executor,
  { from, to }: ServerAct,
  on: { readonly serverId: string; readonly by: string | undefined },
): Promise<{ readonly before: Asked | null } | undefined> {
  const values = [on.serverId, from, to, on.by ?? null];
  const [answer] = await executor.run<{ before: Asked | null }>(statement, values);
  return answer;
}

/**
 * The row is locked first, and changes only if what is asked of it by then may be replaced: of a wake and a stop that meet,
 * the stop stays. Claims look at the same row: once this is committed, the server claims nothing more, whether it has heard
 * of it or not.
 */
const statement: Statement = {
  name: 'ask-server',
  text: `
    with target as materialized (
      select id, asked as before
      from firelock.servers
      where id = $1 and state = 'running'
      for update
    )
    update firelock.servers
    set
      asked = $3,
      asked_at = case when $3::text is not null then now() end,
      asked_by = case when $3::text is not null then $4 end
    from target
    where servers.id = target.id and array_position($2::text[], target.before) is not null
    returning target.before`,
};
