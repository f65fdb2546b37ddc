/** One page of a listing. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Hand it to the next `page` call; null at the end. */
  readonly next: string | null;
}

/**
 * Something long, read page by page: `for await (const item of listing)`. An item that was there all the time is never
 * missed; one may be seen twice while others come and go. Aborting rejects with `aborted`.
 */
export interface Listing<T> extends AsyncIterable<T> {
  /** One page, for callers that page themselves (an HTTP endpoint); start with `null`. */
  page(cursor: string | null): Promise<Page<T>>;
  /** Everything in one array, each item once. Beware of its size. */
  all(): Promise<T[]>;
}
