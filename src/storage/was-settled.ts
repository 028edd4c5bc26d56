import type { State } from '../job/state.js';
import type { Executor, Statement } from './statement.js';

/** Whether exactly this attempt of this server ended in this state: for a settlement whose answer was lost. */
export async function wasSettled(
  executor: Executor,
  serverId: string,
  end: { readonly id: string; readonly attempt: number; readonly state: State },
): Promise<boolean> {
  const [answer] = await executor.run<{ settled: boolean }>(statement, [
    serverId,
    end.id,
    end.attempt,
    end.state,
  ]);
  return answer?.settled === true;
}

/** A success is told by the job's own columns, or by its history once the job was run again; every other end by its history. */
const statement: Statement = {
  name: 'was-settled',
  text: `
    select
      exists (
        select from firelock.jobs
        where id = $2::bigint and server_id = $1::bigint and attempt = $3::integer and state = $4 and $4 = 'succeeded'
      )
      or exists (
        select from firelock.transitions
        where job_id = $2::bigint and server_id = $1::bigint and attempt = $3::integer
          and from_state = 'processing' and to_state = $4
      ) as settled`,
};
