/** Names one attempt of one job. */
export interface AttemptId {
  readonly id: string;
  readonly attempt: number;
}

/** As text: `12.3` is the third attempt of job 12. */
export function attemptKey({ id, attempt }: AttemptId): string {
  return `${id}.${attempt}`;
}

/** The attempt in such a text; undefined for any other. */
export function parseAttemptKey(text: string): AttemptId | undefined {
  const [, id, attempt] = /^(\d{1,19})\.(\d{1,10})$/.exec(text) ?? [];
  return id === undefined ? undefined : { id, attempt: Number(attempt) };
}
