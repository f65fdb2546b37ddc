import { make } from './dom.ts';

/** So many colours are there in the style. */
const HUES = 8;

/** A coloured circle with somebody's first letter; the name stands beside it. */
export function avatar(name: string): HTMLElement {
  const [initial] = new Intl.Segmenter().segment(name);
  return make('span', {
    className: 'avatar',
    text: initial?.segment.toUpperCase() ?? '',
    data: { hue: String(hueOf(name)) },
    attributes: { 'aria-hidden': 'true' },
  });
}

/** The same for the same name, everywhere. */
function hueOf(name: string): number {
  let sum = 0;
  for (const character of name) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 65_521;
  return sum % HUES;
}
