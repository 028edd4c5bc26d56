import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import ejs, { type TemplateFunction } from 'ejs';

// The same from src/ and from dist/. Read by ourselves: the host app's view engine is its own.
const folder = new URL('../../../views/', import.meta.url);

/** A file of views/, without its ending. */
export type ViewName =
  | 'home'
  | 'queues'
  | 'jobs'
  | 'dead-letter-groups'
  | 'bulk-preview'
  | 'bulk-act'
  | 'job'
  | 'recurring-jobs'
  | 'recurring-job'
  | 'servers'
  | 'audit'
  | 'form'
  | 'error';

const templates = new Map<string, TemplateFunction>();

/** The view inside the layout. Both see the layout's model. */
export function render(view: ViewName, model: object, layout: object): string {
  const body = renderFile(view, { ...layout, ...model });
  return renderFile('layout', { ...layout, body });
}

/**
 * Templates look names up in the model first, so that `include` is ours: EJS' own looks for the file on the disk and copies the
 * model three times, for each of the thousand cells of a long list.
 */
function renderFile(path: string, model: object): string {
  const include = (name: string, more: object) =>
    renderFile(posix.join(posix.dirname(path), name), { ...model, ...more });
  return template(path)({ ...model, include });
}

function template(path: string): TemplateFunction {
  const known = templates.get(path);
  if (known !== undefined) return known;
  const compiled = ejs.compile(readFileSync(new URL(`${path}.ejs`, folder), 'utf8'), { async: false });
  templates.set(path, compiled);
  return compiled;
}
