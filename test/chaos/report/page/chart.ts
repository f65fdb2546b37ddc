import uPlot from 'uplot';
import type { ChartLine, ChartPlan, FaultMark } from '../chart-data.ts';
import { formatTime, formatValue } from '../quantities.ts';
import { colour, lengthOf } from './theme.ts';
import type { View, Views } from './view.ts';

/** What is less than this is drawn at it: a logarithm has no zero. Milliseconds. */
const LEAST_LOGARITHMIC = 0.1;

/** Draws a chart into its place and keeps it as wide as that is; it shows what the views say and tells them what is pointed at. */
export function drawChart(plan: ChartPlan, faults: readonly FaultMark[], views: Views): { redraw: () => void } {
  const place = document.getElementById(`chart-${plan.id}`);
  if (place === null) throw new Error(`there is no place for the chart ${plan.id}`);
  const chart = new uPlot(optionsOf(plan, faults, views, place), dataOf(plan), place);
  // Its own double click would show the whole of one chart only.
  views.subscribe((view) => showView(chart, plan, view));
  new ResizeObserver(() => {
    chart.setSize(sizeOf(place));
    placeCursor(chart, views.view);
  }).observe(place);
  return { redraw: () => chart.redraw(false, true) };
}

function sizeOf(place: HTMLElement): { width: number; height: number } {
  return { width: place.clientWidth, height: place.clientHeight };
}

function dataOf({ lines, shape }: ChartPlan): uPlot.AlignedData {
  const drawable = (value: number | null): number | null =>
    value === null || shape !== 'logarithmic' ? value : Math.max(LEAST_LOGARITHMIC, value);
  const tables = lines.map(({ seconds, values }): uPlot.AlignedData => [[...seconds], values.map(drawable)]);
  return uPlot.join(tables);
}

function showView(chart: uPlot, plan: ChartPlan, view: View): void {
  const { min, max } = chart.scales['x'] ?? {};
  if (min !== view.fromS || max !== view.toS) chart.setScale('x', { min: view.fromS, max: view.toS });
  // Scales are set once all calls of this turn have been made.
  queueMicrotask(() => placeCursor(chart, view));
  const values = chart.root.closest('figure')?.querySelectorAll('.value') ?? [];
  for (const [index, element] of [...values].entries()) {
    const line = plan.lines[index];
    element.textContent = line === undefined ? '' : valueInWords(line, view.nowS, plan.unit);
  }
}

function placeCursor(chart: uPlot, { nowS }: View): void {
  chart.setCursor({ left: chart.valToPos(nowS, 'x'), top: 0 }, false);
}

function valueInWords(line: ChartLine, second: number, unit: string): string {
  const value = valueAt(line, second);
  return value === null ? '–' : formatValue(value, unit);
}

/** What was measured last before a time; null where nothing was. */
export function valueAt({ seconds, values }: ChartLine, second: number): number | null {
  const after = seconds.findIndex((time) => time > second);
  return values[(after === -1 ? seconds.length : after) - 1] ?? null;
}

function optionsOf(plan: ChartPlan, faults: readonly FaultMark[], views: Views, place: HTMLElement): uPlot.Options {
  return {
    ...sizeOf(place),
    padding: [6, lengthOf('right'), 0, 0],
    legend: { show: false },
    cursor: {
      y: false,
      points: { show: false },
      drag: { x: true, y: false, setScale: false },
      bind: { dblclick: () => () => (views.whole(), null) },
    },
    scales: {
      x: { time: false, range: (_chart, min, max) => [min, max] },
      y: scaleOf(plan),
    },
    axes: [
      { ...axisLook, size: 26, gap: 4, space: 60, values: (_chart, splits) => splits.map(formatTime) },
      {
        ...axisLook,
        size: () => lengthOf('axis'),
        gap: 4,
        space: plan.shape === 'steps' ? 18 : 28,
        ...(plan.shape === 'logarithmic' ? { grid: { ...axisLook.grid, filter: powersOfTen } } : {}),
        ...(plan.shape === 'steps' ? { incrs: [1, 2, 5, 10, 20, 50, 100, 500, 1_000] } : {}),
        values: (_chart, splits) => splits.map((value: number | null) => (value === null ? '' : shortly(value))),
      },
    ],
    series: [{}, ...plan.lines.map((line) => seriesOf(plan, line))],
    hooks: {
      drawClear: [(chart) => drawBands(chart, faults)],
      setCursor: [(chart) => pointed(chart, views)],
      setSelect: [(chart) => selected(chart, views)],
    },
  };
}

const axisLook = {
  stroke: () => colour('faint'),
  font: '12px system-ui, -apple-system, "Segoe UI", sans-serif',
  grid: { stroke: () => colour('grid'), width: 1 },
  ticks: { show: false },
};

/** A line for each power of ten is enough to read by. */
function powersOfTen(_chart: uPlot, splits: number[]): (number | null)[] {
  return splits.map((split) => (Number.isInteger(Math.round(Math.log10(split) * 1e6) / 1e6) ? split : null));
}

function shortly(value: number): string {
  return value >= 10_000 ? `${(value / 1_000).toLocaleString('en-US')}k` : value.toLocaleString('en-US');
}

/** A distribution by its number: the library's names for these exist for types alone. */
const logarithmic: unknown = { distr: 3 };

function scaleOf({ shape }: ChartPlan): uPlot.Scale {
  if (shape === 'logarithmic') {
    const range: uPlot.Scale.Range = (_chart, min, max) => uPlot.rangeLog(min || 1, max || 10, 10, true);
    return { ...(logarithmic as uPlot.Scale), range };
  }
  if (shape === 'steps') return { range: (_chart, min, max) => [Math.floor(min || 0) - 1, Math.ceil(max || 0) + 1] };
  return { range: (_chart, _min, max) => uPlot.rangeNum(0, max || 1, 0.1, true) };
}

function seriesOf({ shape }: ChartPlan, { label, colour: index, dash }: ChartLine): uPlot.Series {
  const steps = shape === 'steps' ? uPlot.paths.stepped?.({ align: 1 }) : undefined;
  return {
    label,
    stroke: () => colour(`series-${index}`),
    width: 1.75,
    dash: [...dash],
    points: { show: false },
    ...(steps === undefined ? {} : { paths: steps }),
  };
}

/** Faults lie behind the lines, over the whole height; a short one is still seen. */
function drawBands(chart: uPlot, faults: readonly FaultMark[]): void {
  const { ctx, bbox } = chart;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  for (const { fromS, toS, hasFailed } of faults) {
    const left = chart.valToPos(fromS, 'x', true);
    ctx.fillStyle = colour(hasFailed ? 'bad-fill' : 'band-fill');
    ctx.fillRect(left, bbox.top, chart.valToPos(toS, 'x', true) - left, bbox.height);
    ctx.fillStyle = colour(hasFailed ? 'bad' : 'band');
    ctx.fillRect(left, bbox.top, uPlot.pxRatio, bbox.height);
  }
  ctx.restore();
}

function pointed(chart: uPlot, views: Views): void {
  const { left } = chart.cursor;
  if (left === undefined || left < 0) placeCursor(chart, views.view);
  else views.lookAt(chart.posToVal(left, 'x'));
}

function selected(chart: uPlot, views: Views): void {
  const { left, width } = chart.select;
  if (width < 4) return;
  views.show(chart.posToVal(left, 'x'), chart.posToVal(left + width, 'x'));
  chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
}
