import type { State } from '../../job/state.js';
import { english as t } from '../english.js';
import type { SearchBox } from '../frame/search-box.js';
import type { Url } from '../frame/url.js';
import { type ListRequest, pageSizes } from './list-request.js';

/** The search box of a list: it keeps to the list's state. */
export function listSearchBox(request: ListRequest, url: Url): SearchBox {
  const { state, text, problem, size, order } = request;
  const orders = t.jobs.orders[orderKind(state)];
  return {
    action: url(`/${state ?? 'jobs'}`),
    label: t.jobs.searchState(state === undefined ? t.jobs.title : t.states[state].label),
    text,
    problem,
    choices: [
      {
        name: 'order',
        label: t.jobs.order,
        options: (['first', 'reversed'] as const).map((value) => ({
          value,
          label: orders[value],
          isChosen: value === order,
        })),
      },
      {
        name: 'size',
        label: t.jobs.size,
        options: pageSizes.map((each) => ({
          value: String(each),
          label: t.jobs.perPage(each),
          isChosen: each === size,
        })),
      },
    ],
  };
}

/** What the order of a list goes by. */
function orderKind(state: State | undefined): keyof typeof t.jobs.orders {
  switch (state) {
    case 'enqueued':
      return 'claim';
    case 'scheduled':
    case 'failed':
      return 'plan';
    case 'processing':
    case 'awaiting':
      return 'age';
    case 'succeeded':
    case 'dead':
    case 'deleted':
    case undefined:
      return 'time';
  }
}
