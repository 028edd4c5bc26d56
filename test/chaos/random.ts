import { createHash } from 'node:crypto';

/** Random numbers that a seed repeats. */
export interface Random {
  /** At least `min`, less than `max`. */
  between(min: number, max: number): number;
  pick<Item>(items: readonly [Item, ...Item[]]): Item;
  /** Up to so many of the items, each at most once. */
  some<Item>(items: readonly Item[], count: number): Item[];
}

/** Each stream of a seed goes its own way: what one draws does not change what another one gets. */
export function randomOf(seed: number | string, stream: string): Random {
  let drawn = 0;
  const next = () => {
    const digest = createHash('sha256').update(`${seed} ${stream} ${drawn++}`).digest();
    return digest.readUInt32BE() / 2 ** 32;
  };
  const index = (length: number) => Math.floor(next() * length);
  return {
    between: (min, max) => min + next() * (max - min),
    // The index is less than the length, which is not 0.
    pick: <Item>(items: readonly [Item, ...Item[]]) => items[index(items.length)] as Item,
    some: (items, count) => {
      const left = [...items];
      return Array.from({ length: Math.min(count, left.length) }, () =>
        left.splice(index(left.length), 1),
      ).flat();
    },
  };
}
