/** An element of the page by its id; `index.html` is the contract. */
export function byId<Kind extends HTMLElement>(id: string, kind: new () => Kind): Kind {
  const element = document.getElementById(id);
  if (!(element instanceof kind)) throw new Error(`the page has no ${id}`);
  return element;
}

/** What a new element has. */
export interface Made {
  readonly className?: string;
  /** Never read as markup, whatever people wrote. */
  readonly text?: string;
  readonly data?: Readonly<Record<string, string>>;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly children?: readonly Node[];
}

/** Makes an element. */
export function make<Tag extends keyof HTMLElementTagNameMap>(tag: Tag, made: Made = {}): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  if (made.className !== undefined) element.className = made.className;
  if (made.text !== undefined) element.textContent = made.text;
  Object.assign(element.dataset, made.data);
  for (const [name, value] of Object.entries(made.attributes ?? {})) element.setAttribute(name, value);
  element.append(...(made.children ?? []));
  return element;
}

/** Gives a list exactly these children, in this order, touching only what is new or moved. */
export function arrange(list: HTMLElement, items: readonly HTMLElement[]): void {
  const kept = new Set(items);
  for (const child of [...list.children]) if (!kept.has(child as HTMLElement)) child.remove();
  let next = list.firstElementChild;
  for (const item of items) {
    if (item === next) next = next.nextElementSibling;
    else list.insertBefore(item, next);
  }
}

/** Sets a text only when it is another one: what does not change is not announced again. */
export function setText(element: Element | null, text: string): void {
  if (element && element.textContent !== text) element.textContent = text;
}
