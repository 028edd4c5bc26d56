import { english as t } from '../english.js';

/** Of a pause and an override: who, when and why is told beside it. */
const TOLD_BESIDE: ReadonlySet<string> = new Set(['at', 'by', 'reason']);

/** `queue: default → emails`, for each field that an act changed; for values without fields, the values themselves. */
export function differences(before: unknown, after: unknown): readonly string[] {
  if (!isRecord(before) && !isRecord(after)) return [t.audit.changed(textOf(before), textOf(after))];
  const [old, young] = [fieldsOf(before), fieldsOf(after)];
  return [...new Set([...Object.keys(old), ...Object.keys(young)])]
    .filter((field) => !TOLD_BESIDE.has(field) && textOf(old[field]) !== textOf(young[field]))
    .map((field) => `${field}: ${t.audit.changed(textOf(old[field]), textOf(young[field]))}`);
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {};
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return '–';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
