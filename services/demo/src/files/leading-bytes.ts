/** Whether the first bytes of a file are those of some format. */
export type Fits = (head: Uint8Array) => boolean;

/** One of these beginnings, each character a byte. */
export function begins(...beginnings: readonly string[]): Fits {
  return (head) => beginnings.some((beginning) => latin1(head.subarray(0, beginning.length)) === beginning);
}

/** One or the other. */
export function either(...all: readonly Fits[]): Fits {
  return (head) => all.some((fits) => fits(head));
}

/** Both at once. */
export function both(...all: readonly Fits[]): Fits {
  return (head) => all.every((fits) => fits(head));
}

/** `RIFF`, a length, and what it holds. */
export function riff(form: string): Fits {
  return (head) => begins('RIFF')(head) && begins(form)(head.subarray(8));
}

/** ISO base media (ISO/IEC 14496-12): a box `ftyp` with its major brand; any brand where none is named. */
export function brand(...brands: readonly string[]): Fits {
  return (head) => begins('ftyp')(head.subarray(4)) && (brands.length === 0 || begins(...brands)(head.subarray(8)));
}

/** Text in any encoding without zero bytes, no control characters but those that texts have, and no web page. */
export const isPlainText: Fits = (head) => head.every(isTextByte) && !isPageText(head);

/** What a browser would take for a page, were it not told otherwise. */
export const isPageText: Fits = (head) =>
  /^(?:\u00ef\u00bb\u00bf)?\s*<(?:!doctype|!--|\?xml|html|head|body|svg|script|style|iframe|meta)/iu.test(latin1(head));

/** Tab, line feed, form feed, carriage return and escape are in texts; other control characters are not. */
function isTextByte(byte: number): boolean {
  return byte >= 32 ? byte !== 127 : byte === 9 || byte === 10 || byte === 12 || byte === 13 || byte === 27;
}

function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
