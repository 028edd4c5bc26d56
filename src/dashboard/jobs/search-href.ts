import { formatValue } from '../../search/quote.js';
import type { Url } from '../frame/url.js';

type Searched = 'name' | 'queue' | 'tag' | 'server' | 'recurring';

/** The list of all jobs with this value: of any state, the latest first. */
export function searchHref(url: Url, qualifier: Searched, value: string): string {
  return url('/jobs', { q: `${qualifier}:${formatValue([value])}` });
}
