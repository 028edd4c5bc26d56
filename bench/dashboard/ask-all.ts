import type { Request } from './requests.js';
import type { Site } from './site.js';

/** How long a request took, each time. */
export interface Timing {
  readonly title: string;
  readonly ms: readonly number[];
}

/** Asks for everything so many times, one at a time and in another order each time, as operators do. */
export async function askAll(
  site: Site,
  requests: readonly Request[],
  rounds: number,
): Promise<readonly Timing[]> {
  const all = requests.map(({ title, path }) => ({ title, path, ms: [] as number[] }));
  for (let round = 0; round < rounds; round += 1)
    for (const { path, ms } of shuffled(all)) ms.push(await site.ask(path));
  return all;
}

function shuffled<Item>(items: readonly Item[]): readonly Item[] {
  return items
    .map((item) => ({ item, at: Math.random() }))
    .toSorted((left, right) => left.at - right.at)
    .map(({ item }) => item);
}
