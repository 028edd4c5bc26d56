/** One line of `firelock doctor`. */
export interface Finding {
  readonly topic: string;
  readonly ok: boolean;
  /** What is so; if it is not ok, also what to do. */
  readonly text: string;
}

export function ok(topic: string, text: string): Finding {
  return { topic, ok: true, text };
}

export function fix(topic: string, text: string): Finding {
  return { topic, ok: false, text };
}
