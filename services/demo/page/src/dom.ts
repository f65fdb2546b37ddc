/** An element of the page by its id; the page's own markup is the contract. */
export function byId<Kind extends HTMLElement>(id: string, kind: new () => Kind): Kind {
  const element = document.getElementById(id);
  if (!(element instanceof kind)) throw new Error(`the page has no ${id}`);
  return element;
}

/** Makes an element. What people wrote goes into `text` and is never read as markup. */
export function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  given: { className?: string; text?: string } = {},
  children: readonly Node[] = [],
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  if (given.className !== undefined) element.className = given.className;
  if (given.text !== undefined) element.textContent = given.text;
  element.append(...children);
  return element;
}
