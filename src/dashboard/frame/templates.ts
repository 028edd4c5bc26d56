import { fileURLToPath } from 'node:url';
import ejs from 'ejs';

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

/** The view inside the layout. Both see the layout's model. */
export async function render(view: ViewName, model: object, layout: object): Promise<string> {
  const body = await renderFile(view, { ...layout, ...model });
  return renderFile('layout', { ...layout, body });
}

function renderFile(name: ViewName | 'layout', model: object): Promise<string> {
  return ejs.renderFile(fileURLToPath(new URL(`${name}.ejs`, folder)), { ...model }, { cache: true });
}
