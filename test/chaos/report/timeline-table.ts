import type { Figure } from '../observer/verdict.ts';
import { formatBound, formatValue, isMissed } from './quantities.ts';
import { type Look, painted, plain, widthOf } from './terminal.ts';

/** One line of the table: the phase in which a figure came closest to its bound, or went furthest beyond it. */
interface Row {
  readonly figure: Figure;
  readonly phases: number;
}

/**
 * Figures beside their bounds: of each name the worst of all phases, and whatever missed its bound in a line of its own.
 */
export function boundsTable(figures: readonly Figure[], look: Look): string {
  const rows = [...Map.groupBy(figures, ({ name }) => name).values()].flatMap(rowsOf);
  const cells = rows.map(({ figure, phases }) => ({
    figure,
    name: plain(figure.name),
    value: formatValue(figure.value, figure.unit).replaceAll('\u00a0', ' '),
    bound: formatBound(figure).replaceAll('\u00a0', ' '),
    where: phaseOf(figure, phases),
  }));
  const width = (of: 'value' | 'bound'): number => Math.max(0, ...cells.map((cell) => widthOf(cell[of])));
  const [values, bounds] = [width('value'), width('bound')];
  const wheres = Math.max(0, ...cells.map(({ where }) => widthOf(where)));
  const room = look.columns - values - bounds - wheres - 8;
  const names = Math.max(12, Math.min(room, Math.max(0, ...cells.map(({ name }) => widthOf(name)))));
  return cells
    .map(({ figure, name, value, bound, where }) => {
      const mark = isMissed(figure) ? '✗' : '✓';
      const line = `${mark} ${cut(name, names).padEnd(names)}  ${value.padStart(values)}  ${bound.padEnd(bounds)}`;
      const told = isMissed(figure) ? painted(look, 'red', line) : line;
      return `${told}  ${painted(look, 'dim', where)}`.trimEnd();
    })
    .join('\n');
}

/** All that were missed; where none was, the one that came closest. */
function rowsOf(figures: readonly Figure[]): Row[] {
  const missed = figures.filter(isMissed);
  if (missed.length > 0) return missed.map((figure) => ({ figure, phases: 1 }));
  const worst = figures.reduce((a, b) => (usedOf(b) > usedOf(a) ? b : a));
  return [{ figure: worst, phases: figures.length }];
}

/** The part of what is allowed that is used up. */
function usedOf({ value, most }: Figure): number {
  return value === 0 ? 0 : value / (most ?? Infinity);
}

/** Where nothing was found in any phase it is no phase in particular. */
function phaseOf({ phase, value }: Figure, phases: number): string {
  if (phase === '') return 'whole run';
  return value === 0 && phases > 1 ? `in each of ${phases} phases` : `in ${plain(phase)}`;
}

function cut(text: string, most: number): string {
  const letters = Array.from(text);
  return letters.length <= most ? text : `${letters.slice(0, most - 1).join('')}…`;
}
