/** Jobs per statement: a larger one is no faster and holds its locks longer. */
const COUNT_LIMIT = 1000;
/** Characters per statement: a thousand jobs of a megabyte each are more than a string can hold. */
const SIZE_LIMIT = 16 * 1024 * 1024;

/** Where the batch that begins at `start` ends: as many as one statement may hold, and one at least. */
export function batchEnd<Item>(
  items: readonly Item[],
  start: number,
  sizeOf: (item: Item) => number,
): number {
  let size = 0;
  const length = items.slice(start, start + COUNT_LIMIT).findIndex((item, place) => {
    size += sizeOf(item);
    return place > 0 && size > SIZE_LIMIT;
  });
  return length === -1 ? Math.min(start + COUNT_LIMIT, items.length) : start + length;
}

/** Splits, in order, what is to be inserted into what one statement may hold each. */
export function batchesOf<Item>(items: readonly Item[], sizeOf: (item: Item) => number): Item[][] {
  const batches: Item[][] = [];
  for (let start = 0, end = 0; start < items.length; start = end) {
    end = batchEnd(items, start, sizeOf);
    batches.push(items.slice(start, end));
  }
  return batches;
}
