/** Names a page holds. */
const PAGE = 500;

/**
 * A page of names in order. What is there throughout is on one of the pages; the cursor is the last name of the page
 * before, so what comes and goes meanwhile shifts nothing.
 */
export function pageOf(names: Iterable<string>, cursor: string | null): { items: string[]; next: string | null } {
  const rest = [...names].filter((name) => cursor === null || name > cursor).sort();
  const items = rest.slice(0, PAGE);
  return { items, next: rest.length > PAGE ? (items.at(-1) ?? null) : null };
}
