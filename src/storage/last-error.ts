/** The beginning of an error record in `jobs.last_error`, in SQL: lists show it without reading the history. */
export function lastError(record: string): string {
  return `left((${record} ->> 'name') || ': ' || (${record} ->> 'message'), 500)`;
}

/** What `jobs.last_error` becomes when an attempt ends in a state: a failure writes it, a success clears it. */
export function lastErrorAfter(state: string, record: string): string {
  return `case
          when ${state} in ('failed', 'dead') then ${lastError(record)}
          when ${state} <> 'succeeded' then jobs.last_error
        end`;
}
