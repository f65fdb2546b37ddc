import type { FaultSpan, Series } from '../observer/verdict.ts';
import { type Html, html } from './html.ts';

const WIDTH = 220;
const HEIGHT = 44;

/** A stretch of one series, small: its line from zero to its highest, the faults as bands. Empty where it has no value. */
export function sparkline(
  series: Series,
  span: { readonly fromS: number; readonly toS: number },
  faults: readonly FaultSpan[],
): Html {
  const points = pointsWithin(series, span);
  const highest = Math.max(0, ...points.map(({ value }) => value ?? 0)) || 1;
  const x = (second: number): string => ((WIDTH * (second - span.fromS)) / (span.toS - span.fromS)).toFixed(1);
  const y = (value: number): string => (HEIGHT - 2 - ((HEIGHT - 4) * value) / highest).toFixed(1);
  const bands = faults.map(({ fromS, toS }) => {
    const width = Math.max(2, Number(x(toS)) - Number(x(fromS)));
    return html`<rect class="band" x="${x(fromS)}" y="0" width="${width.toFixed(1)}" height="${HEIGHT}" />`;
  });
  const paths = runsOf(points).map(
    (run) => html`<polyline points="${run.map(({ second, value }) => `${x(second)},${y(value)}`).join(' ')}" />`,
  );
  return html`<svg class="spark" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true">
    ${bands}${paths}
  </svg>`;
}

interface Point {
  readonly second: number;
  readonly value: number | null;
}

/** The values of a series in a stretch; what is measured at its end belongs to the next one. */
export function pointsWithin(
  { seconds, values }: Series,
  { fromS, toS }: { readonly fromS: number; readonly toS: number },
): Point[] {
  return seconds
    .map((second, index) => ({ second, value: values[index] ?? null }))
    .filter(({ second }) => second >= fromS && second < toS);
}

/** Where nothing was measured the line has a gap. */
function runsOf(points: readonly Point[]): { second: number; value: number }[][] {
  const runs: { second: number; value: number }[][] = [[]];
  for (const { second, value } of points) {
    if (value === null) runs.push([]);
    else runs.at(-1)?.push({ second, value });
  }
  return runs.filter((run) => run.length > 0);
}
