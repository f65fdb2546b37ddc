/** Markup that is safe to put into a page as it is. */
export interface Html {
  readonly markup: string;
}

/** What stands between markup: text is escaped, `null` is nothing. */
export type HtmlValue = string | number | null | Html | readonly Html[];

/** Markup with values in it. Whatever is not markup itself is text: no name, however hostile, becomes an element. */
export function html(parts: TemplateStringsArray, ...values: readonly HtmlValue[]): Html {
  const markup = parts.reduce((before, part, index) => `${before}${markupOf(values[index - 1] ?? null)}${part}`);
  return { markup };
}

function markupOf(value: HtmlValue): string {
  if (value === null) return '';
  if (typeof value === 'string' || typeof value === 'number') return escapeHtml(String(value));
  return 'markup' in value ? value.markup : value.map(({ markup }) => markup).join('');
}

/** Text as it may stand between tags and in an attribute with quotes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/gu, (character) => `&#${character.codePointAt(0) ?? 0};`);
}

/** A value as JSON that a script element can hold: nothing in it ends the element. */
export function jsonInScript(value: unknown): Html {
  return { markup: JSON.stringify(value).replaceAll('<', String.raw`\u003c`) };
}
