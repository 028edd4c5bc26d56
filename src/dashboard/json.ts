/** JSON, ready to be shown. */
export interface JsonView {
  readonly text: string;
  /** Says so if the text is only the beginning. */
  readonly cut: string | undefined;
}

/** More than a person reads, and little enough for every browser. */
const LIMIT = 50_000;
/** Indentation grows with the square of the depth: 10,000 nested arrays would fill 200 MB. */
const DEPTH_LIMIT = 50;

/** The value as indented JSON; what is very deep or very long on fewer lines, or cut. */
export function jsonView(value: unknown): JsonView {
  const text = isDeep(value, DEPTH_LIMIT) ? JSON.stringify(value) : JSON.stringify(value, null, 2);
  if (text.length <= LIMIT) return { text, cut: undefined };
  const length = text.length.toLocaleString('en-US');
  return {
    text: text.slice(0, LIMIT).toWellFormed(),
    cut: `Only the first ${LIMIT.toLocaleString('en-US')} of ${length} characters are shown. firelock.getJob(id) answers all.`,
  };
}

function isDeep(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((item) => isDeep(item, levels - 1));
}
