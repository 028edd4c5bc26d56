import type { State } from '../job/state.js';
import type { Url } from './url.js';

export interface Deletion {
  readonly ids: readonly string[];
  /** The state in which the visitor saw the jobs: in another one they are left alone. */
  readonly from: State;
  /** The list or the job to which the visitor returns. */
  readonly path: string;
  readonly place?: string | undefined;
}

/** The model of views/delete-jobs.ejs. */
export function deletionView({ ids, from, path, place }: Deletion, url: Url): object {
  return {
    jobs: ids.map((id) => ({ id, href: url(`/${id}`) })),
    from,
    place,
    running: from === 'processing',
    action: url(`${path}/delete`),
    back: url(path, { place }),
  };
}
