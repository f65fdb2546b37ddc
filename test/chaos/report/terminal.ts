import { stripVTControlCharacters, styleText } from 'node:util';

/** How text looks where it is written. */
export interface Look {
  /** Lines are no longer than this; `Infinity` where nobody reads them on a screen. */
  readonly columns: number;
  readonly isColoured: boolean;
}

/** Narrower than this a line says nothing any more. */
const LEAST_COLUMNS = 40;

/** The look of a stream: colour on a terminal alone, and not where `NO_COLOR` is set to something (https://no-color.org). */
export function lookOf(
  { isTTY = false, columns }: { readonly isTTY?: boolean; readonly columns?: number | undefined },
  env: Readonly<Record<string, string | undefined>>,
): Look {
  const isColoured = isTTY && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb';
  return { columns: isTTY && columns !== undefined ? Math.max(LEAST_COLUMNS, columns) : Infinity, isColoured };
}

/** Text in a colour where there are colours. */
export function painted(
  { isColoured }: Look,
  style: 'red' | 'green' | 'yellow' | 'dim' | 'bold',
  text: string,
): string {
  return isColoured ? styleText(style, text, { validateStream: false }) : text;
}

/** Text without what steers a terminal, in one line: what a name or an error brings along does nothing. */
export function plain(text: string): string {
  return stripVTControlCharacters(text).replaceAll(/\p{Cc}+/gu, ' ');
}

/** A line in as many as it needs, broken at spaces; those after the first are indented. A word that is too long stays whole. */
export function wrapped(line: string, columns: number, indent: number): string {
  if (widthOf(line) <= columns) return line;
  const lead = /^\s*/u.exec(line)?.[0] ?? '';
  const lines: string[] = [];
  let current = lead;
  for (const word of line.slice(lead.length).split(' ')) {
    const isFirst = current === lead || current.trim() === '';
    const longer = isFirst ? `${current}${word}` : `${current} ${word}`;
    if (isFirst || widthOf(longer) <= columns) {
      current = longer;
    } else {
      lines.push(current);
      current = `${' '.repeat(indent)}${word}`;
    }
  }
  return [...lines, current].join('\n');
}

/** Columns that a text takes: escape sequences take none. */
export function widthOf(text: string): number {
  return Array.from(stripVTControlCharacters(text)).length;
}
