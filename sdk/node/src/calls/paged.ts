import type { Listing, Page } from './listing.ts';

/**
 * A listing over something that is read page by page.
 *
 * @param keyOf - what makes two items the same, for `all`
 */
export function createListing<T>(
  readPage: (cursor: string | null) => Promise<Page<T>>,
  keyOf: (item: T) => string,
): Listing<T> {
  async function* items(): AsyncGenerator<T, void, undefined> {
    let cursor: string | null = null;
    do {
      const page: Page<T> = await readPage(cursor);
      yield* page.items;
      cursor = page.next;
    } while (cursor !== null);
  }
  return {
    page: (cursor) => readPage(cursor),
    [Symbol.asyncIterator]: () => items(),
    async all() {
      const byKey = new Map<string, T>();
      for await (const item of items()) byKey.set(keyOf(item), item);
      return [...byKey.values()];
    },
  };
}
