/** One figure with what it is held against. */
export interface Figure {
  readonly what: string;
  readonly unit: string;
  readonly flotilla: number;
  /** Measured in the same run; null where the peer has no such thing. */
  readonly peer: number | null;
  /** `≥` or `≤` this, or null for a figure without one. */
  readonly bound: { readonly atLeast: number } | { readonly atMost: number } | null;
}

/** Whether a figure keeps its bound; true without one. */
export function isWithin({ flotilla, bound }: Figure): boolean {
  if (bound === null) return true;
  return 'atLeast' in bound ? flotilla >= bound.atLeast : flotilla <= bound.atMost;
}

/** The table as text, one line a figure. */
export function formatTable(figures: readonly Figure[]): string {
  const head = ['', 'Flotilla', 'Socket.IO', 'ratio', 'bound', ''];
  const rows = figures.map((figure) => [
    `${figure.what} (${figure.unit})`,
    shown(figure.flotilla),
    figure.peer === null ? '–' : shown(figure.peer),
    figure.peer === null ? '–' : `${shown(figure.flotilla / figure.peer)}×`,
    boundOf(figure),
    isWithin(figure) ? (figure.bound === null ? '' : 'kept') : 'MISSED',
  ]);
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all
    .map((row) =>
      row
        .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function boundOf({ bound }: Figure): string {
  if (bound === null) return '';
  return 'atLeast' in bound ? `≥ ${shown(bound.atLeast)}` : `≤ ${shown(bound.atMost)}`;
}

function shown(value: number): string {
  return value.toLocaleString('en', { maximumSignificantDigits: 3 });
}
